"""When memory runs out networks are trained apart, and nothing else changes.

The errors are injected: a step fails, as torch would say it, as long as more than so many networks
take it together. That is done on the CPU, where the outcome of a network of `ensemble` and
`residual_training` is the same byte for byte in any company, on one machine and instruction set, so
that tables must come out equal.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from rounding import PLAIN_RUNS, assert_as_exact_as_plain, nudged
from training_samples import beginning, stream

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.memory import NotEnoughMemory, is_out_of_memory, out_of_memory_sentence
from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.training import ensemble, memory_groups
from deepinit.training.architectures import all_cnn_c, plain_network
from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.examples import Examples
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.images import Images
from deepinit.training.learning_curve import Setting, Streams, Training
from deepinit.training.learning_curves_by_arm import Curves, train_arms
from deepinit.training.memory_groups import Part, capacity, train_parts
from deepinit.training.network_batch import NetworkBatch
from deepinit.training.outcome import NetworkStart
from deepinit.training.residual_batch import ScaledResidualBatch
from deepinit.training.residual_start import ResidualOutcome, ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.checkpoint import Checkpoint
from study.datasets.mnist import load_mnist
from study.device import make_repeatable

SUBSET = Path(__file__).resolve().parents[2] / "workflow" / "data" / "mnist_subset"
ON_A_GPU = (
    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 15.77 GiB of "
    "which 14.50 GiB is free. Process 123 has 1.27 GiB memory in use."
)


def slowly(*values: object):
    """Return values of a parameter that only the whole suite tries."""
    return pytest.param(*values, marks=pytest.mark.slow)


ERRORS = [
    torch.OutOfMemoryError(ON_A_GPU),
    RuntimeError(
        "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"
    ),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("CUDA error: out of memory"),
    MemoryError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_all_ways_of_running_out_of_memory_are_known(error):
    assert is_out_of_memory(error)


@pytest.mark.parametrize("error", [RuntimeError("shape mismatch"), ValueError("out of memory")])
def test_other_errors_are_not_taken_for_it(error):
    assert not is_out_of_memory(error)


def test_the_sentence_says_what_was_asked_for_what_there_is_and_what_to_do():
    sentence = out_of_memory_sentence(ERRORS[0])
    for words in ("GPU memory", "20.00 GiB", "it has 15.77 GiB", "'device: cpu'"):
        assert words in sentence
    assert out_of_memory_sentence(ERRORS[3]).startswith("out of GPU memory: use")
    assert "--cores" in out_of_memory_sentence(ERRORS[1])


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Return a function: from now on steps of a kind of batch fail with too many networks.

    What it returns fills with the numbers of networks that failed.
    """

    def limit(kind: type, method: str, networks: int, after: int = 0) -> list[int]:
        true, failed, calls = getattr(kind, method), [], [0]

        def step(self, *arguments):
            if self.networks > networks:
                calls[0] += 1
                if calls[0] > after:
                    calls[0] = 0
                    failed.append(self.networks)
                    raise torch.OutOfMemoryError(ON_A_GPU)
            return true(self, *arguments)

        monkeypatch.setattr(kind, method, step)
        return failed

    return limit


@pytest.fixture(scope="module")
def images() -> Images:
    """Cut the first 600 training and 200 test images (the order is random)."""
    return beginning(load_mnist(SUBSET), 600, 200)


def networks() -> list[NetworkStart]:
    """Return eleven networks of two shapes; some reach the target, diverge, or do neither."""
    rates = (0.1, 0.2, 1e30, 0.05, 1e-6, 0.1, 0.3)
    made = [
        NetworkStart(
            FullyConnected((15, 10) if number < 7 else (12,), WEIGHT_LAWS["he_normal"]),
            stream("memory", number),
            stream("memory order", number),
            rates[number % 7],
        )
        for number in range(11)
    ]
    return made


STOPS = {"batch_size": 171, "target_accuracy": 0.5, "max_epochs": 4}


@pytest.fixture(scope="module")
def undisturbed(images: Images) -> list:
    return epochs_to_accuracy(images, networks(), **STOPS)


@pytest.mark.parametrize(("fit", "after"), [slowly(1, 0), (2, 6), slowly(5, 0)])
def test_networks_trained_apart_start_as_they_do_together(
    images, undisturbed, small_memory, fit, after
):
    """From the first step on, or in the second epoch, when some have left."""
    assert {outcome.status for outcome in undisturbed} == {"reached", "cap", "diverged"}
    failed, said, calls = small_memory(NetworkBatch, "step", fit, after), [], []
    options = {"say": said.append, "progress": lambda done, total: calls.append((done, total))}
    outcomes = epochs_to_accuracy(images, networks(), **STOPS, **options)
    assert outcomes == undisturbed
    assert len(failed) == len(said) > 0
    assert said[0].startswith("7 networks together do not fit into memory: training 4 of them")
    # Of eleven networks at most seven, of one shape, have taken an epoch at the first report.
    assert calls[0][0] <= 28 and calls[-1] == (44, 44)


class Killed(Exception):
    """Stands for the end of a process."""


def killed_after(reports: int) -> Callable[[int, int], None]:
    """Return a callback for progress that ends the process after so many reports."""
    calls = iter(range(reports))

    def progress(done: int, total: int) -> None:
        if next(calls, None) is None:
            raise Killed

    return progress


def interrupted(run: Callable[..., list], checkpoint: Checkpoint, every: int) -> list:
    """Run, break off after each `every` reports of progress and go on, until it ends."""
    for _ in range(50):
        try:
            return run(progress=killed_after(every), checkpoint=checkpoint)
        except Killed:
            continue
    raise AssertionError("it did not get on")


@pytest.mark.slow
def test_a_training_in_parts_goes_on_from_a_checkpoint_in_the_same_parts(
    images, undisturbed, small_memory, tmp_path
):
    failed = small_memory(NetworkBatch, "step", 2)
    checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
    outcomes = interrupted(
        lambda **options: epochs_to_accuracy(images, networks(), **STOPS, **options), checkpoint, 2
    )
    assert outcomes == undisturbed
    # Each part was tried once: what was found to be too large is not tried again.
    assert failed.count(7) == 1


@pytest.mark.slow
def test_a_checkpoint_of_networks_that_no_longer_fit_is_divided_too(
    images, undisturbed, small_memory, tmp_path
):
    checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
    stopped = {"checkpoint": checkpoint, "progress": killed_after(2)}
    with pytest.raises(Killed):
        epochs_to_accuracy(images, networks(), **STOPS, **stopped)
    (first, _) = checkpoint.load()["parts"]
    assert first["state"]["epoch"] == 2 and len(first["members"]) == 7
    epochs, true = [], ensemble.train_together

    def spied(*arguments, standing=None, **keywords):
        epochs.append(standing and standing.epoch)
        return true(*arguments, standing=standing, **keywords)

    small_memory(NetworkBatch, "step", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ensemble, "train_together", spied)
        outcomes = epochs_to_accuracy(images, networks(), **STOPS, checkpoint=checkpoint)
    assert outcomes == undisturbed
    # Halves of the part that had begun went on from its second epoch, not from the start.
    assert epochs[:3] == [2, 2, 2] and None in epochs


SIZES = {"depth": 20, "width": 12, "batch_size": 128, "epochs": 2, "drop_every": 1}


def starts() -> list[ResidualStart]:
    """Return five networks of all laws, one of which diverges."""
    return [
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


@pytest.fixture(scope="module")
def residual_together(images: Images) -> list[ResidualOutcome]:
    return train_residual(images)


def train_residual(images: Images, **options) -> list[ResidualOutcome]:
    return train_residual_networks(
        images, starts(), **SIZES, held_out=range(40), keep_weights=True, **options
    )


def assert_same(ours: list[ResidualOutcome], theirs: list[ResidualOutcome]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        for name, value in vars(one).items():
            if isinstance(value, torch.Tensor):
                assert torch.equal(value, getattr(other, name)), name
            else:
                assert value == getattr(other, name), name


@pytest.mark.parametrize(("fit", "after"), [slowly(1, 0), (2, 7), slowly(4, 0)])
def test_residual_networks_trained_apart_have_the_same_weights(
    images, residual_together, small_memory, fit, after
):
    together, said, calls = residual_together, [], []
    assert [outcome.status for outcome in together].count("diverged") == 1
    failed = small_memory(ScaledResidualBatch, "step", fit, after)
    apart = train_residual(
        images, say=said.append, progress=lambda done, total: calls.append((done, total))
    )
    assert_same(apart, together)
    assert len(failed) == len(said) > 0
    assert calls[0] == (min(fit, 3) if after == 0 else 5, 50) and calls[-1] == (50, 50)


@pytest.mark.slow
def test_residual_networks_in_parts_go_on_from_a_checkpoint(
    images, residual_together, small_memory, tmp_path
):
    checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
    with pytest.raises(Killed):
        train_residual(images, checkpoint=checkpoint, progress=killed_after(7))
    (part,) = checkpoint.load()["parts"]
    assert len(part["members"]) == 5 and part["state"]["epoch"] == 1
    # Memory has become smaller meanwhile.
    failed = small_memory(ScaledResidualBatch, "step", 2)
    apart = interrupted(lambda **options: train_residual(images, **options), checkpoint, 3)
    assert_same(apart, residual_together)
    assert failed == [4, 3] or failed == [4]  # one of the five had diverged before


ARCHITECTURES = {"plain": lambda: plain_network(64, 16, 4, 10), "conv": lambda: all_cnn_c(1, 4, 10)}


class Nudged(RandomStream):
    """A stream of which each normal number is `nudged`."""

    def __init__(self, run: int, *address: object) -> None:
        super().__init__(seed_sequence(1, "test_out_of_memory", *address))
        self._run = run

    def normal(self, *shape: int, out: torch.Tensor | None = None) -> torch.Tensor:
        """Return normal numbers as `RandomStream` does."""
        numbers = super().normal(*shape, out=out)
        return numbers.copy_(nudged(numbers, self._run))


def curves(name: str, folder: Path, run: int = 0, **options) -> dict[str, Curves]:
    """Train three networks in two arms, from weights `nudged` by run."""
    generator = torch.Generator().manual_seed(31)
    examples = Examples(
        torch.randn(40, 1, 8, 8, generator=generator),
        torch.randint(0, 10, (40,), generator=generator),
    )
    return train_arms(
        [Setting(arm, 0.05, 0.9, 16, 6, "he") for arm in ("sample init", "batchnorm")],
        ARCHITECTURES[name](),
        examples,
        examples,
        lambda: [Streams(Nudged(run, "arm", k), stream("arm order", k)) for k in range(3)],
        **{"checkpoint": Checkpoint(folder / "none", "key"), **options},
    )


@pytest.mark.rounding
@pytest.mark.parametrize("name", ["plain", pytest.param("conv", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("fit", "after"), [slowly(1, 0), (2, 4)])
def test_curves_of_networks_trained_apart_are_the_same_up_to_rounding(
    name, small_memory, fit, after, tmp_path
):
    """Losses of each step differ by no more than those of networks whose weights are nudged."""
    near, said, calls = [curves(name, tmp_path, run) for run in range(PLAIN_RUNS)], [], []
    together = near[0]
    failed = small_memory(Training, "advance", fit, after)
    apart = curves(
        name,
        tmp_path,
        say=said.append,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert list(apart) == list(together)
    for arm, ours in apart.items():
        theirs = together[arm]
        for k, losses in enumerate(theirs.losses):
            assert_as_exact_as_plain(
                ours.losses[k], lambda run, arm=arm, k=k: near[run][arm].losses[k], losses
            )
        assert ours.scores == pytest.approx(theirs.scores, abs=1 / 40)
        assert ours.constant_units == theirs.constant_units
    # The second arm begins with the parts of the first.
    assert failed == ([3, 2] if fit == 1 else [3])
    assert len(said) == len(failed) and calls[-1] == (12, 12)


@pytest.mark.slow
def test_curves_in_parts_go_on_from_a_checkpoint_with_the_same_bytes(small_memory, tmp_path):
    small_memory(Training, "advance", 2)
    straight = curves("plain", tmp_path)
    checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
    resumed = interrupted(lambda **options: curves("plain", tmp_path, **options), checkpoint, 4)
    for arm, ours in resumed.items():
        assert ours.losses.tobytes() == straight[arm].losses.tobytes()
        assert ours.scores == straight[arm].scores


@pytest.mark.slow
def test_a_checkpoint_of_curves_that_no_longer_fit_together_is_divided(small_memory, tmp_path):
    near = [curves("plain", tmp_path, run) for run in range(PLAIN_RUNS)]
    checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
    with pytest.raises(Killed):
        curves("plain", tmp_path, checkpoint=checkpoint, progress=killed_after(9))
    (part,) = checkpoint.load()["parts"]
    assert part["members"] == [0, 1, 2] and part["state"]["step"] == 3
    restored, true = [], Training.restore
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Training,
            "restore",
            lambda self, state: (restored.append(self.networks), true(self, state)),
        )
        small_memory(Training, "advance", 2)
        apart = curves("plain", tmp_path, checkpoint=checkpoint)
    assert restored == [3, 2, 1]
    for arm, ours in apart.items():
        assert_as_exact_as_plain(
            ours.losses, lambda run, arm=arm: near[run][arm].losses, near[0][arm].losses
        )


@pytest.mark.parametrize(
    ("kind", "method", "run"),
    [
        (NetworkBatch, "step", lambda images, _: epochs_to_accuracy(images, networks(), **STOPS)),
        slowly(ScaledResidualBatch, "step", lambda images, _: train_residual(images)),
        (Training, "advance", lambda _, folder: curves("plain", folder)),
    ],
    ids=["ensemble", "residual", "curves"],
)
def test_a_single_network_that_does_not_fit_is_told_in_plain_words(
    images, small_memory, tmp_path, kind, method, run
):
    small_memory(kind, method, 0)
    with pytest.raises(NotEnoughMemory, match=r"single network.*a smaller batch_size"):
        run(images, tmp_path)


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
def test_a_gpu_with_too_little_memory_trains_networks_apart(images):
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
        outcomes = epochs_to_accuracy(images, starts, **options, say=said.append)
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
