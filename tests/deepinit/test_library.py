"""What somebody who installs the library meets first: names, random numbers, results, memory."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import deepinit
from commands.api import write_pages
from deepinit.random import RandomStream, as_stream
from deepinit.seeds import as_generator, seed_sequence
from study.code_hash import WORKFLOW, import_closure

TOPICS = ("conv", "dense", "meanfield", "noise", "probing", "resnet", "stats", "training")
OFFERED = [(topic, name) for topic in TOPICS for name in getattr(deepinit, topic).__all__]
LIMIT = 1 << 30


@pytest.mark.parametrize(("topic", "name"), OFFERED, ids=str)
def test_a_name_at_the_top_of_a_topic_is_there_and_says_what_it_is(topic, name):
    package = getattr(deepinit, topic)
    found = getattr(package, name)
    assert found.__module__.startswith(f"deepinit.{topic}.") and found.__name__ == name
    assert inspect.getdoc(found)
    # A module of the same name would hide it as soon as it is imported.
    assert not Path(package.__file__).with_name(f"{name}.py").exists()


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="sample_ratio'"):
        _ = deepinit.resnet.sample_ratio
    assert "sample_ratios" in dir(deepinit.resnet)


def test_what_a_topic_offers_does_not_enter_the_code_behind_a_module():
    found = {
        path.relative_to(WORKFLOW).as_posix()
        for path in import_closure("deepinit/resnet/bounds.py")
    }
    folder = "deepinit/resnet"
    assert found == {
        "deepinit/__init__.py", "deepinit/exports.py", f"{folder}/__init__.py",
        f"{folder}/bounds.py", f"{folder}/ratios_theory.py",
    }  # fmt: skip


@pytest.mark.slow
def test_the_pages_on_the_library_have_all_that_it_offers(tmp_path: Path):
    write_pages(tmp_path)
    for topic, name in OFFERED:
        page = (tmp_path / f"deepinit/{topic}.html").read_text(encoding="utf-8")
        assert f'<section id="{name}">' in page, name
    assert "h_{k+1} = h_k + α V_{k+1} ReLU" in (tmp_path / "deepinit/resnet/ratios.html").read_text(
        encoding="utf-8"
    )


# ---- random numbers

IMAGE = np.ones((2, 6, 6), np.float32)
SAMPLERS = {
    "sample_ratios": lambda seed: deepinit.resnet.sample_ratios(
        depth=3, width=4, beta=0.5, networks=5, seed=seed
    ),
    "sample_ratios, uniform": lambda seed: deepinit.resnet.sample_ratios(
        depth=3, width=4, beta=0.5, networks=5, seed=seed, weights="uniform"
    ),
    "residual_lengths": lambda seed: deepinit.resnet.residual_lengths(3, 4, 0.5, 5, seed),
    "fractional_weights": lambda seed: deepinit.resnet.fractional_weights(
        3, 4, 0.7, [0.5], 2, 1, seed, inputs="uniform"
    ),
    "reduced_inside": lambda seed: deepinit.resnet.reduced_inside(
        3, 4, 0.5, 5, seed, activation="relu", inputs="uniform"
    ),
    "inside_weights": lambda seed: deepinit.resnet.inside_weights(
        3, 4, 0.5, 5, seed, activation="tanh", weights="smooth", inputs="uniform"
    ),
    "brownian_weights": lambda seed: deepinit.resnet.brownian_weights([2, 4], 8, 3, 5, seed),
    "sample_lengths": lambda seed: deepinit.dense.sample_lengths([4, 3], 5, seed),
    "log_lengths": lambda seed: deepinit.dense.log_lengths([9, 9], 5, seed),
    "log_tilted_variance": lambda seed: deepinit.dense.log_tilted_variance([9, 9], 5, seed),
    "one_input": lambda seed: deepinit.dense.one_input(4, [2], torch.ones(5), seed)[2],
    "many_inputs": lambda seed: deepinit.dense.many_inputs(4, [2], torch.ones(4, 3), seed)[2],
    "sample_statistics": lambda seed: deepinit.meanfield.sample_statistics(4, 3, 3, 2, seed),
    "gradient_statistics": lambda seed: deepinit.meanfield.gradient_statistics(
        "plain", 4, 3, 3, 2, seed
    )["own"],
    "lengths": lambda seed: deepinit.conv.lengths(IMAGE, 3, 2, 4, seed, kernel=3, padding="zero"),
    "smooth_image": lambda seed: deepinit.conv.smooth_image(6, 2, 1.0, seed),
    "fractional_noise": lambda seed: deepinit.noise.fractional_noise(0.3, 8, 5, seed),
}  # fmt: skip


def numbers(found: object) -> np.ndarray:
    """Return all that a sampler gave, in one row."""
    arrays = found if hasattr(found, "frame") else [found]
    return np.concatenate([np.asarray(values).ravel() for values in arrays if values is not None])


@pytest.mark.parametrize("sample", SAMPLERS.values(), ids=SAMPLERS)
def test_a_sampling_function_takes_every_kind_of_random_numbers(sample):
    """Seeds stand for the same numbers at every call; generators and streams go on."""
    first = numbers(sample(7))
    sequence = np.random.SeedSequence(7)
    for seed in (7, np.int64(7), sequence, sequence):
        assert np.array_equal(numbers(sample(seed)), first)
    assert not np.array_equal(numbers(sample(8)), first)
    for make in (np.random.default_rng, lambda seed: RandomStream(np.random.SeedSequence(seed))):
        goes_on, again = make(3), make(3)
        one, two = numbers(sample(goes_on)), numbers(sample(goes_on))
        assert np.array_equal(numbers(sample(again)), one) and not np.array_equal(one, two)
    for none in (None, "seven", 0.5):
        with pytest.raises(TypeError):
            sample(none)


def test_a_stream_and_a_generator_are_used_themselves():
    stream, generator = RandomStream(seed_sequence(1, "own")), np.random.default_rng(1)
    assert as_stream(stream) is stream and as_stream(stream, "cpu") is stream
    assert as_generator(generator) is generator and as_generator(stream) is stream.numpy
    with pytest.raises(ValueError, match="on cpu, not on cuda"):
        as_stream(stream, "cuda")


# ---- results


def test_a_result_gives_arrays_decimal_logarithms_and_a_table():
    ratios = deepinit.resnet.sample_ratios(depth=5, width=4, beta=0.5, networks=6, seed=1)
    arrays, log10, frame = ratios.numpy(), ratios.log10(), ratios.frame()
    assert list(arrays) == ["log_output_norm", "log_output_change", "log_gradient_norm",
                            "log_gradient_change"]  # fmt: skip
    assert list(frame) == ["network", *log10] and frame["network"].tolist() == list(range(6))
    for name, values in arrays.items():
        assert values.shape == (6,) and values.dtype == np.float64
        assert np.array_equal(frame[name.replace("log_", "log10_")], values / np.log(10))
    outputs = deepinit.resnet.residual_lengths(5, 4, 0.5, 6, 1)
    assert outputs.log_gradient_norm is None and len(outputs.numpy()) == 2


def test_a_table_has_a_column_for_each_dimension():
    coupled = deepinit.resnet.brownian_weights([2, 4], 8, 3, 5, 1)
    frame = coupled.frame()
    assert (
        list(frame) == ["network", "depth", "error", "norm", "reference_norm"] and len(frame) == 10
    )
    assert frame.groupby("network")["reference_norm"].nunique().eq(1).all()
    shared = deepinit.resnet.fractional_weights(3, 4, 0.7, [0.5, 1], 2, 3, 1, inputs="uniform")
    assert list(shared.frame("draw", "beta", "input"))[:3] == ["draw", "beta", "input"]
    with pytest.raises(ValueError, match=r"\(2, 2, 3\): name its 3 dimensions.*not 'network'"):
        shared.frame()


# ---- the sampler to begin with


def test_the_sampler_to_begin_with_draws_no_gaussian_weights_and_every_uniform_one():
    shape, resnet = (6, 5, 0.5, 20), deepinit.resnet
    options = dict(zip(("depth", "width", "beta", "networks"), shape, strict=True), seed=3)
    expected = {
        "gaussian": resnet.independent_gaussian_weights(*shape, 3),
        "uniform": resnet.independent_weights(*shape, 3, law="uniform", inputs="gaussian"),
    }
    for weights, ratios in expected.items():
        found = resnet.sample_ratios(**options, weights=weights)
        assert np.array_equal(numbers(found), numbers(ratios))


def test_batches_are_drawn_one_after_another_from_the_stream():
    sample = deepinit.resnet.independent_gaussian_weights
    stream = RandomStream(seed_sequence(2, "batches"))
    apart = [sample(6, 5, 0.5, count, stream) for count in (8, 8, 4)]
    whole = sample(6, 5, 0.5, 20, stream.from_beginning(), batch=8)
    for name, values in whole.numpy().items():
        assert np.array_equal(values, np.concatenate([part.numpy()[name] for part in apart]))


@pytest.mark.parametrize(
    "wrong", [{"weights": "cauchy"}, {"depth": 0}, {"networks": 0}, {"width": -1}, {"beta": -2}]
)
def test_sizes_and_weights_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        deepinit.resnet.sample_ratios(
            **{"depth": 2, "width": 2, "beta": 0.5, "networks": 2, "seed": 0, **wrong}
        )


def test_a_stream_on_another_device_is_refused():
    stream = RandomStream(seed_sequence(2, "device"))
    # Stands for a stream on the first of two GPUs.
    stream.device = torch.device("cuda:0")
    assert as_stream(stream, "cuda:0") is as_stream(stream, "cuda") is stream
    for other in ("cuda:1", "cpu"):
        with pytest.raises(ValueError, match=f"not on {other}"):
            as_stream(stream, other)


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["gaussian", "uniform"])
def test_many_deep_networks_take_less_than_a_gibibyte(weights):
    """L = 1000, d = 40, gradients, two batches: more networks take more of them."""
    networks = 1260 if weights == "gaussian" else 51
    # The greatest resident memory of this program alone; `getrusage` has that of its parent in it.
    code = (
        "import re, pathlib, deepinit; deepinit.resnet.sample_ratios(depth=1000, width=40, beta=0.5, "
        f"networks={networks}, weights='{weights}', seed=0); "
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', pathlib.Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=WORKFLOW, capture_output=True, text=True
    )
    assert int(done.stdout) * 1024 < LIMIT, done.stderr
