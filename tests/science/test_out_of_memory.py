"""When memory runs out networks are trained apart, and nothing else changes.

The errors are injected: a step fails, as torch would say it, as long as more than so many networks
take it together. That is done on the CPU, where the outcome of a network of `ensemble` and
`residual_training` is the same byte for byte in any company, on one machine and instruction set;
curves of `learning_curves_by_arm` are the same up to rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rounding import PLAIN_RUNS, assert_as_exact_as_plain, nudged
from training_samples import beginning, stream

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.memory import NotEnoughMemory, is_out_of_memory, out_of_memory_sentence
from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.training import memory_groups
from deepinit.training.architectures import plain_network
from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.examples import Examples
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.learning_curve import Setting, Streams, Training
from deepinit.training.learning_curves_by_arm import train_arms
from deepinit.training.memory_groups import Part, capacity, train_parts
from deepinit.training.network_batch import NetworkBatch
from deepinit.training.outcome import NetworkStart
from deepinit.training.residual_batch import ScaledResidualBatch
from deepinit.training.residual_start import ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.checkpoint import Checkpoint
from study.datasets.mnist import load_mnist
from study.device import make_repeatable

# The first training and test images; the order is random.
IMAGES = beginning(
    load_mnist(Path(__file__).resolve().parents[2] / "workflow/data/mnist_subset"), 600, 200
)
ON_A_GPU = (
    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 15.77 GiB of "
    "which 14.50 GiB is free. Process 123 has 1.27 GiB memory in use."
)
ON_THE_CPU = "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"


@pytest.mark.parametrize(
    ("error", "known"),
    [
        (torch.OutOfMemoryError(ON_A_GPU), True),
        (RuntimeError(ON_THE_CPU), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (MemoryError(), True),
        (RuntimeError("shape mismatch"), False),
        (ValueError("out of memory"), False),
    ],
    ids=str,
)
def test_running_out_of_memory_is_told_from_other_errors(error, known):
    assert is_out_of_memory(error) == known


def test_the_sentence_says_what_was_asked_for_what_there_is_and_what_to_do():
    sentence = out_of_memory_sentence(torch.OutOfMemoryError(ON_A_GPU))
    for words in ("GPU memory", "20.00 GiB", "it has 15.77 GiB", "'device: cpu'"):
        assert words in sentence
    assert "--cores" in out_of_memory_sentence(RuntimeError(ON_THE_CPU))


def ensemble(**options) -> list:
    """Train eleven networks of two shapes, some of which reach the target, diverge, or do neither."""
    rates = (0.1, 0.2, 1e30, 0.05, 1e-6, 0.1, 0.3)
    networks = [
        NetworkStart(
            FullyConnected((15, 10) if number < 7 else (12,), WEIGHT_LAWS["he_normal"]),
            stream("memory", number),
            stream("memory order", number),
            rates[number % 7],
        )
        for number in range(11)
    ]
    stops = {"batch_size": 171, "target_accuracy": 0.5, "max_epochs": 4}
    outcomes = epochs_to_accuracy(IMAGES, networks, **stops, **options)
    assert {outcome.status for outcome in outcomes} == {"reached", "cap", "diverged"}
    return [vars(outcome) for outcome in outcomes]


def residual(**options) -> list:
    """Train five networks of all kinds of weights, one of which diverges."""
    starts = [
        ResidualStart(
            ("fractional", "independent", "smooth")[number % 3],
            beta=0.5,
            biased=number % 2 == 0,
            learning_rate=1e30 if number == 3 else 0.01,
            weight_stream=stream("residual memory", number),
            order_stream=stream("residual memory order", number),
        )
        for number in range(5)
    ]
    sizes = {"depth": 20, "width": 12, "batch_size": 128, "epochs": 2, "drop_every": 1}
    options |= {"held_out": range(40), "keep_weights": True}
    outcomes = train_residual_networks(IMAGES, starts, **sizes, **options)
    assert [outcome.status for outcome in outcomes].count("diverged") == 1
    return [vars(outcome) for outcome in outcomes]


class Nudged(RandomStream):
    """A stream of which each normal number is `nudged`."""

    def __init__(self, run: int, *address: object) -> None:
        super().__init__(seed_sequence(1, "test_out_of_memory", *address))
        self._run = run

    def normal(self, *shape: int, out: torch.Tensor | None = None) -> torch.Tensor:
        """Return normal numbers as `RandomStream` does."""
        numbers = super().normal(*shape, out=out)
        return numbers.copy_(nudged(numbers, self._run))


class Forgets:
    """A checkpoint that keeps nothing."""

    load = due = save = lambda *_: None


def curves(run: int = 0, checkpoint: Any = None, **options) -> list:
    """Train three networks in two arms, from weights nudged by run."""
    generator = torch.Generator().manual_seed(31)
    examples = Examples(
        torch.randn(40, 1, 8, 8, generator=generator),
        torch.randint(0, 10, (40,), generator=generator),
    )
    found = train_arms(
        [Setting(arm, 0.05, 0.9, 16, 6, "he") for arm in ("sample init", "batchnorm")],
        plain_network(64, 16, 4, 10),
        examples,
        examples,
        lambda: [Streams(Nudged(run, "arm", k), stream("arm order", k)) for k in range(3)],
        checkpoint=checkpoint or Forgets(),
        **options,
    )
    return [vars(arm) for arm in found.values()]


def assert_same(ours: list[dict], theirs: list[dict]) -> None:
    """Bit for bit."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        for name, value in one.items():
            assert np.array_equal(np.asarray(value), np.asarray(other[name])), name


def assert_same_curves(ours: list[dict], theirs: list[dict]) -> None:
    """Losses of each step differ by no more than those of networks whose weights are nudged."""
    near = [theirs, *(curves(run) for run in range(1, PLAIN_RUNS))]
    for arm, found in enumerate(ours):
        for k, losses in enumerate(theirs[arm]["losses"]):
            assert_as_exact_as_plain(
                found["losses"][k], lambda run, arm=arm, k=k: near[run][arm]["losses"][k], losses
            )
        assert found["scores"] == pytest.approx(theirs[arm]["scores"], abs=1 / 40)
        assert found["constant_units"] == theirs[arm]["constant_units"]


@dataclass(frozen=True)
class Trainer:
    """A trainer: how it is run, which step fails, and how outcomes are compared.

    Attributes:
        together: networks that are trained together.
        total: what its progress counts to.
        killed_after: reports of progress after which a process ends, in a later epoch or arm.
    """

    run: Callable[..., list]
    kind: type
    method: str
    together: int
    total: int
    killed_after: int
    same: Callable[[list, list], None] = assert_same

    def fails(self, patch: pytest.MonkeyPatch, networks: int, after: int = 0) -> list[int]:
        """Let steps fail with more networks than that, each time `after` some; return which did."""
        true, failed, calls = getattr(self.kind, self.method), [], [0]

        def step(batch, *arguments):
            if batch.networks > networks:
                calls[0] += 1
                if calls[0] > after:
                    calls[0] = 0
                    failed.append(batch.networks)
                    raise torch.OutOfMemoryError(ON_A_GPU)
            return true(batch, *arguments)

        patch.setattr(self.kind, self.method, step)
        return failed


TRAINERS = [
    pytest.param(Trainer(ensemble, NetworkBatch, "step", 7, 44, 2), id="ensemble"),
    pytest.param(Trainer(residual, ScaledResidualBatch, "step", 5, 50, 7), id="residual"),
    pytest.param(
        Trainer(curves, Training, "advance", 3, 12, 9, assert_same_curves),
        id="curves",
        marks=pytest.mark.rounding,
    ),
]


@pytest.mark.parametrize("trainer", TRAINERS)
@pytest.mark.parametrize(("fit", "after"), [(2, 4), pytest.param(1, 0, marks=pytest.mark.slow)])
def test_networks_trained_apart_come_out_as_they_do_together(trainer, monkeypatch, fit, after):
    """From the first step on, or when some have been taken."""
    together, said, calls = trainer.run(), [], []
    failed = trainer.fails(monkeypatch, fit, after)
    options = {"say": said.append, "progress": lambda *counts: calls.append(counts)}
    apart = trainer.run(**options)
    half = (trainer.together + 1) // 2
    assert said[0].startswith(
        f"{trainer.together} networks together do not fit into memory: training {half} of them"
    )
    assert len(said) == len(failed) and calls[-1] == (trainer.total, trainer.total)
    assert all(done <= trainer.total for done, _ in calls)
    monkeypatch.undo()
    trainer.same(apart, together)


class Killed(Exception):
    """Stands for the end of a process."""


def killed_after(reports: int) -> Callable[[int, int], None]:
    """Return a callback for progress that ends the process after so many reports."""
    calls = iter(range(reports))

    def progress(done: int, total: int) -> None:
        if next(calls, None) is None:
            raise Killed

    return progress


@pytest.mark.slow
@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_training_goes_on_from_a_checkpoint_with_less_memory_than_before(
    trainer, monkeypatch, tmp_path
):
    """Killed again and again; from the second start on only two networks fit, tried once a part."""
    together = trainer.run()
    checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
    with pytest.raises(Killed):
        trainer.run(checkpoint=checkpoint, progress=killed_after(trainer.killed_after))
    part = checkpoint.load()["parts"][0]
    assert len(part["members"]) == trainer.together and part["state"] is not None
    failed = trainer.fails(monkeypatch, 2)
    for _ in range(50):
        try:
            resumed = trainer.run(
                checkpoint=checkpoint, progress=killed_after(trainer.killed_after)
            )
            break
        except Killed:
            continue
    else:
        pytest.fail("it did not get on")
    assert 0 < failed.count(max(failed)) <= 2
    monkeypatch.undo()
    trainer.same(resumed, together)


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_single_network_that_does_not_fit_is_told_in_plain_words(trainer, monkeypatch):
    trainer.fails(monkeypatch, 0)
    with pytest.raises(NotEnoughMemory, match=r"single network.*a smaller batch_size"):
        trainer.run()


def test_an_error_of_another_kind_divides_nothing():
    def train(part: Part) -> None:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        train_parts([Part([0, 1])], train, lambda *_: {}, torch.device("cpu"), "x", print)


def test_on_a_gpu_a_third_of_its_memory_is_used_at_most_and_the_message_names_it(monkeypatch):
    gpu = torch.device("cuda", 0)
    total = type("Properties", (), {"total_memory": 12 << 30})
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: total)
    assert capacity(gpu, 16 << 30) == 4 << 30
    assert capacity(gpu, 1 << 30) == 1 << 30
    assert capacity(torch.device("cpu"), 16 << 30) == 16 << 30
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1 << 30, 12 << 30))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Model X")
    sentence = memory_groups._too_large(gpu, "width")
    for words in ("Model X, 12.0 GiB, 1.0 GiB of them free", "smaller width", "'device: cpu'"):
        assert words in sentence


@pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device on this machine"
)
def test_a_gpu_with_too_little_memory_trains_networks_apart():
    """Real errors: 300 MiB for 24 networks of 11 MB, twice as much while they are drawn.

    Accuracies after four steps agree to two of 200 images: products of another number of
    networks round differently, and an image changes sides if its two best logits are that close.
    """
    make_repeatable()
    said, device = [], torch.device("cuda", torch.cuda.current_device())

    def train() -> list[list[float]]:
        network = FullyConnected((1000, 1000, 1000), WEIGHT_LAWS["he_normal"])
        starts = [
            NetworkStart(
                network,
                *(RandomStream(seed_sequence(3, use, n), device) for use in ("weights", "order")),
                learning_rate=0.01,
            )
            for n in range(24)
        ]
        options = {"batch_size": 171, "target_accuracy": 1.0, "max_epochs": 1}
        outcomes = epochs_to_accuracy(IMAGES, starts, **options, say=said.append)
        return [outcome.accuracies for outcome in outcomes]

    together = train()
    assert not said
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(device).total_memory
    torch.cuda.set_per_process_memory_fraction((300 << 20) / total, device)
    try:
        apart = train()
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)
    assert said
    np.testing.assert_allclose(apart, together, atol=2 / 200)
