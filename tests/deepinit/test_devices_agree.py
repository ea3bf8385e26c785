"""The same specification on a GPU and on the CPU.

Random streams differ by device, so that results agree in distribution (`test_device.py`). What is computed
from random numbers must agree itself: here both devices are given the numbers of the CPU's stream.

Tolerance. float32 has 24 binary digits, a relative rounding of 6e-8; devices add up in another
order, and sums of some dozen to hundred terms through a few layers differ by some 1e-6 of the
largest. What is divided by small numbers on the way, or trained, multiplies that by ten or so.

Every computation also runs on a stand-in for a GPU, on which numbers are those of the CPU, and only
where tensors are matters: there results must be equal. Where there is a GPU it does not: torch takes
the stand-in for the accelerator of the whole process then, and autograd on CUDA fails.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext

import numpy as np
import pytest
import torch
from stand_in_gpu import MixedDevices, stand_in_gpu

from deepinit.conv import convolution, zero_padding
from deepinit.dense import preactivations, squared_length
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.meanfield import gradients, sample_variance
from deepinit.meanfield.activations import activation_step
from deepinit.meanfield.normalisation import STEPS
from deepinit.random import RandomStream
from deepinit.resnet import (
    ratios,
    ratios_without_weights,
    scaled_modules,
    single_weight,
    smooth_weights,
    strong_convergence,
)
from deepinit.seeds import seed_sequence
from deepinit.training.architectures import all_cnn_c, plain_network, unet
from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.examples import Examples
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.images import Images
from deepinit.training.initialisation_arms import ARMS
from deepinit.training.learning_curve import Setting, Streams, train_arms
from deepinit.training.outcome import NetworkStart
from deepinit.training.residual_start import ResidualStart
from deepinit.training.residual_training import train_residual_networks
from deepinit.training.scaled_modules import ScaledModuleNetwork
from study.checkpoint import Checkpoint
from study.device import make_repeatable

needs_cuda = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device on this machine"
)


class CpuNumbers(RandomStream):
    """A stream whose numbers are drawn on the CPU and then taken to a device."""

    def __init__(self, device: torch.device, *address: object) -> None:
        self._address = address
        self._drawn = RandomStream(seed_sequence(5, "test_devices_agree", *address))
        self.device, self.numpy = device, self._drawn.numpy

    def from_beginning(self) -> "CpuNumbers":
        return CpuNumbers(self.device, *self._address)

    def _there(self, numbers: torch.Tensor, out: torch.Tensor | None) -> torch.Tensor:
        return numbers.to(self.device) if out is None else out.copy_(numbers.to(self.device))

    def normal(self, *shape: int, out: torch.Tensor | None = None) -> torch.Tensor:
        return self._there(self._drawn.normal(*shape), out)

    def symmetric_uniform(self, *shape: int, out: torch.Tensor | None = None) -> torch.Tensor:
        return self._there(self._drawn.symmetric_uniform(*shape), out)


def _lengths(law: str) -> Callable[[RandomStream], object]:
    def lengths(stream: RandomStream) -> object:
        draw = squared_length.explicit_preactivations(WEIGHT_LAWS[law], stream)
        return squared_length.log_length([30] * 8, 30, 20, stream, draw)

    return lengths


def _statistics(step: Callable, gain: float = 2.0, reduced: bool = False) -> Callable:
    return lambda stream: sample_variance.sample_statistics(
        40, 6, 12, 5, stream, step=step, gain=gain, reduced=reduced, input_correlation=0.2
    )


def _modules(reduced: bool, ending: str) -> Callable[[RandomStream], object]:
    return lambda stream: scaled_modules.log_lengths(
        [0.5] * 6, 5, 50, stream, hidden=7, ending=ending, reduced=reduced
    )


def _convolution(padding: str) -> Callable[[RandomStream], object]:
    image = convolution.smooth_image(8, 3, 2.0, np.random.default_rng(3))
    return lambda stream: [
        (layer.activation, layer.log_length, layer.growth)
        for layer in convolution.propagate(image, 6, 4, 5, stream, kernel=3, padding=padding)
    ]


def _final_lengths(law: str) -> Callable[[RandomStream], object]:
    image = convolution.smooth_image(8, 3, 2.0, np.random.default_rng(3))
    return lambda stream: [
        torch.from_numpy(part)
        for part in zero_padding.final_lengths(image, 6, 4, 5, stream, law=law)
    ]


SIZES = (30, 10, 0.5, 12)
SIMULATIONS: dict[str, Callable[[RandomStream], object]] = {
    "independent weights": lambda stream: ratios.independent_weights(
        *SIZES, stream, law="uniform", inputs="uniform", batch=5
    ),
    "fractional weights": lambda stream: ratios.fractional_weights(
        50, 12, 0.3, [0.4, 0.8], 6, 3, stream, inputs="gaussian"
    ),
    "reduced weights": lambda stream: ratios_without_weights.independent_gaussian_weights(
        *SIZES, stream
    ),
    **{
        f"{weights} weights inside {activation}": lambda stream, a=activation, w=weights: (
            single_weight.inside_weights(*SIZES, stream, activation=a, weights=w, inputs="uniform")
        )
        for activation, weights in (("relu", "uniform"), ("tanh", "gaussian"), ("leaky", "smooth"))
    },
    "reduced weights inside": lambda stream: single_weight.reduced_inside(
        *SIZES, stream, activation="relu", inputs="uniform"
    ),
    **{
        f"smooth {kind}": lambda stream, kind=kind: smooth_weights.smooth_weights(
            *SIZES, stream, weights=kind, inputs="uniform"
        )
        for kind in ("process", "increments")
    },
    "brownian limit": lambda stream: strong_convergence.brownian_weights([2, 8], 32, 6, 20, stream),
    "smooth limit": lambda stream: strong_convergence.smooth_weights([2, 8], 32, 6, 20, stream),
    **{f"lengths, {law}": _lengths(law) for law in WEIGHT_LAWS},
    **{f"statistics, {name}": _statistics(step) for name, step in STEPS.items()},
    "statistics, reduced": _statistics(torch.relu_, reduced=True),
    **{
        f"statistics, {name}": _statistics(*activation_step(name, 0.3))
        for name in ("leaky_relu", "gelu", "erf")
    },
    **{
        f"gradients, {kind}": lambda stream, kind=kind: gradients.gradient_statistics(
            kind, 20, 5, 9, 3, stream
        )
        for kind in gradients.KINDS
    },
    **{
        f"modules, {'reduced' if reduced else 'explicit'}, {ending}": _modules(reduced, ending)
        for reduced in (False, True)
        for ending in ("relu", "linear")
    },
    "population": lambda stream: scaled_modules.log_mean_by_population(
        [0.5] * 6, 5, 4, 60, stream, hidden=5, ending="relu"
    ),
    **{f"convolution, {padding}": _convolution(padding) for padding in ("circular", "zero")},
    **{
        f"final lengths, {law}": _final_lengths(law)
        for law in ("he_normal", "he_normal_truncated", "xavier_uniform")
    },
    "preactivations": lambda stream: (
        preactivations.many_inputs(20, [1, 3], stream.normal(20, 9), stream),
        preactivations.one_input(20, [1, 3], stream.normal(9).square(), stream),
    ),
}


def _images() -> Images:
    """Return some images of three classes that can be learned."""
    generator = np.random.default_rng(8)
    labels = generator.integers(3, size=260)
    pictures = generator.normal(size=(3, 64))[labels] + generator.normal(size=(260, 64))
    values = pictures.astype(np.float32)
    return Images(values[:200], labels[:200], values[200:], labels[200:], (1, 8, 8))


def _ensemble(device: torch.device) -> object:
    networks = [
        FullyConnected((12, 7), WEIGHT_LAWS["he_normal"]),
        FullyConnected((12, 7), WEIGHT_LAWS["orthogonal"]),
        *(ScaledModuleNetwork((1.0, 0.5), 5, 7, ending) for ending in ("relu", "linear")),
    ]
    starts = [
        NetworkStart(network, CpuNumbers(device, "w", n), CpuNumbers(device, "o", n), rate)
        for n, (network, rate) in enumerate(zip(networks, (0.1, 1e30, 0.05, 0.02), strict=True))
    ]
    outcomes = epochs_to_accuracy(
        _images(), starts, batch_size=48, target_accuracy=0.9, max_epochs=2, checks_per_epoch=2
    )
    return [(outcome.status, outcome.initial_accuracy, outcome.accuracies) for outcome in outcomes]


def _residual_training(device: torch.device) -> object:
    starts = [
        ResidualStart(
            ("fractional", "independent", "smooth")[n % 3],
            0.5,
            n % 2 == 0,
            1e30 if n == 3 else 0.01,
            CpuNumbers(device, "w", n),
            CpuNumbers(device, "o", n),
        )
        for n in range(4)
    ]
    outcomes = train_residual_networks(
        _images(), starts, depth=10, width=9, batch_size=48, epochs=2, drop_every=1,
        held_out=range(20), keep_weights=True,
    )  # fmt: skip
    return [(outcome.status, outcome.hidden, outcome.biases) for outcome in outcomes]


def _curves(name: str, folder) -> Callable[[torch.device], object]:
    architecture = {
        "plain": lambda: plain_network(64, 16, 4, 10),
        "all_cnn_c": lambda: all_cnn_c(1, 4, 10),
        "unet": lambda: unet(1, 4, 3),
    }[name]()

    def run(device: torch.device) -> object:
        generator = np.random.default_rng(4)
        images = generator.normal(size=(40, 1, 8, 8)).astype(np.float32)
        targets = (
            (images[:, 0] > 0.5).astype(np.float32)
            if name == "unet"
            else generator.integers(10, size=40)
        )
        examples = Examples(
            torch.from_numpy(images).to(device), torch.from_numpy(targets).to(device)
        )
        curves = train_arms(
            [Setting(arm, 0.02, 0.9, 16, 3, "pooled") for arm in ARMS],
            architecture,
            examples,
            examples,
            lambda: [
                Streams(CpuNumbers(device, "w", n), CpuNumbers(device, "o", n)) for n in (0, 1)
            ],
            Checkpoint(folder / "state", "key", seconds=0),
        )
        return [torch.from_numpy(each.losses) for each in curves.values()]

    return run


def _flat(result: object) -> Iterator[object]:
    """Yield what is in nested results; tensors are taken to the CPU, float64."""
    if isinstance(result, torch.Tensor):
        yield result.detach().cpu().double()
    elif isinstance(result, dict):
        for value in result.values():
            yield from _flat(value)
    elif isinstance(result, list | tuple):
        for value in result:
            yield from _flat(value)
    elif hasattr(result, "__dataclass_fields__"):
        yield from _flat(list(vars(result).values()))
    else:
        yield result


def compare(run: Callable[[torch.device], object], device: str, tolerance: float) -> None:
    """Assert that a computation gives on a device what it gives on the CPU."""
    expected = list(_flat(run(torch.device("cpu"))))
    with stand_in_gpu() if device == "stand-in" else nullcontext(torch.device(device)) as there:
        found = list(_flat(run(there)))
    assert len(found) == len(expected) > 0
    for ours, theirs in zip(found, expected, strict=True):
        if not isinstance(theirs, torch.Tensor):
            assert ours == theirs
        elif device == "stand-in":
            assert torch.equal(ours.nan_to_num(), theirs.nan_to_num())
        else:
            largest = theirs[theirs.isfinite()].abs().max().item()
            torch.testing.assert_close(
                ours, theirs, rtol=0, atol=tolerance * max(1, largest), equal_nan=True
            )


needs_no_cuda = pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is there")
DEVICES = [
    pytest.param("stand-in", marks=[pytest.mark.slow, needs_no_cuda]),
    pytest.param("cuda", marks=needs_cuda),
]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", SIMULATIONS)
def test_simulations_of_the_same_numbers_agree(name, device):
    """To 1e-4 in logarithms and standardised numbers: 50 layers, each rounding some 1e-6."""
    make_repeatable()
    compare(lambda there: SIMULATIONS[name](CpuNumbers(there, name)), device, 1e-4)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ["plain", "all_cnn_c", "unet"])
def test_training_steps_from_the_same_weights_agree(name, device, tmp_path):
    """Three steps in each arm: losses to 1e-4 of the largest."""
    make_repeatable()

    def run(there: torch.device) -> object:
        folder = tmp_path / there.type
        folder.mkdir()
        return _curves(name, folder)(there)

    compare(run, device, 1e-4)


@pytest.mark.slow
@needs_no_cuda
@pytest.mark.parametrize("run", [_ensemble, _residual_training])
def test_whole_trainings_run_on_a_device_that_is_not_the_cpu(run):
    make_repeatable()
    compare(run, "stand-in", 0)


@needs_cuda
def test_residual_training_of_the_same_numbers_agrees_on_a_gpu():
    """Weights after eight steps of Adam, to 1e-3.

    Adam divides by the root of second moments, so that rounding of a tiny gradient moves a weight by up
    to the learning rate, 10⁻²; few are that tiny.
    """
    make_repeatable()
    here, there = (_residual_training(torch.device(name)) for name in ("cpu", "cuda"))
    for (status, hidden, _), (status_there, hidden_there, _) in zip(here, there, strict=True):
        assert status == status_there
        if hidden is not None:
            differences = (hidden - hidden_there).abs().flatten()
            assert differences.quantile(0.99) < 1e-3


@needs_cuda
def test_a_gpu_repeats_a_training(tmp_path):
    make_repeatable()
    device = torch.device("cuda")
    for name in ("plain", "all_cnn_c", "unet"):
        runs = []
        for number in range(2):
            (folder := tmp_path / f"{name}{number}").mkdir()
            runs.append(_curves(name, folder)(device))
        assert all(map(torch.equal, *runs))
    first, second = (list(_flat(_residual_training(device))) for _ in range(2))
    assert all(
        torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b
        for a, b in zip(first, second, strict=True)
    )


def test_the_stand_in_refuses_to_mix_devices_as_a_gpu_does():
    with stand_in_gpu() as device:
        there, here = torch.ones(3, 3, device=device), torch.ones(3, 3)
        with pytest.raises(MixedDevices):
            there @ here
        with pytest.raises(MixedDevices):
            torch.cat([there, here])
        with pytest.raises(MixedDevices):
            there.index_select(0, torch.tensor([0]))
        with pytest.raises(MixedDevices):
            here[torch.tensor([0], device=device)]
        assert there[torch.tensor([0])].shape == (1, 3)
        with pytest.raises((TypeError, RuntimeError)):
            there.numpy()
        assert (there @ here.to(device)).cpu().numpy().sum() == 27
