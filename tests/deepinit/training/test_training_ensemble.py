"""Lockstep training: independent networks, honest endings."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from project import SUBSET
from rounding import FACTOR, PLAIN_RUNS, largest_error, nudged
from training_samples import beginning, stream

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.reference.modules import fully_connected, optimiser_step
from deepinit.training import ensemble
from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.images import Images
from deepinit.training.outcome import NetworkStart, TrainingOutcome
from deepinit.training.scaled_modules import ScaledModuleNetwork
from study.checkpoint import Checkpoint
from study.datasets.mnist import load_mnist


@pytest.fixture(scope="module")
def mnist() -> Images:
    """Load the carried subset."""
    return load_mnist(SUBSET)


@pytest.fixture(scope="module")
def small(mnist: Images) -> Images:
    """Cut the first 1,000 training and 500 test images (the order is random)."""
    return beginning(mnist, 1000, 500)


def start(law: str, run: int, rate: float, *widths: int, biases: bool = False) -> NetworkStart:
    """Return a fully connected network to train, with fresh streams."""
    network = FullyConnected(widths, WEIGHT_LAWS[law], biases)
    return NetworkStart(network, stream("init", run), stream("order", run), rate)


def residual_start(base: float, run: int, rate: float = 0.05, ending: str = "relu") -> NetworkStart:
    """Return a residual network of four modules to train, with fresh streams."""
    network = ScaledModuleNetwork(tuple(base**module for module in range(1, 5)), 5, 5, ending)
    return NetworkStart(network, stream("init", run), stream("order", run), rate)


MIXED = [
    lambda: start("he_normal", 0, 0.1, 15, 10),
    lambda: start("orthogonal", 1, 0.02, 15, 10),
    lambda: residual_start(1.0, 2),
    lambda: start("he_uniform", 3, 1e6, 15, 10),
    lambda: start("twice_he_normal", 4, 0.1, 15, 10),
    lambda: residual_start(0.5, 5),
    lambda: residual_start(0.5, 6, 1e6),
    lambda: start("he_normal", 7, 0.1, 10, 15),
    lambda: residual_start(0.9, 8, ending="linear"),
    lambda: start("he_normal", 9, 0.1, 15, 10, biases=True),
    lambda: start("orthogonal", 10, 1e6, 15, 10, biases=True),
]


def train(small: Images, which: Sequence[int], **keywords) -> list[TrainingOutcome]:
    """Train some of the mixed networks."""
    networks = [MIXED[k]() for k in which]
    options = {"batch_size": 171, "target_accuracy": 0.4, "max_epochs": 4, **keywords}
    return epochs_to_accuracy(small, networks, **options)


def test_outcomes_do_not_depend_on_companions_nor_on_who_has_left(small, monkeypatch):
    together = train(small, range(len(MIXED)))
    assert len({(outcome.status, outcome.epochs) for outcome in together}) > 2
    for k in range(len(MIXED)):
        assert train(small, [k]) == [together[k]]
    assert train(small, [5, 4, 1, 2, 0]) == [together[k] for k in (5, 4, 1, 2, 0)]
    monkeypatch.setitem(ensemble._WORKING_SET, "cpu", 1)
    assert train(small, range(len(MIXED))) == together


def test_the_smallest_numbers_are_zero_while_networks_train_and_not_afterwards(small):
    tiny, products = torch.tensor([1e-30]), []
    train(small, [0], progress=lambda done, total: products.append((tiny * 1e-10).item()))
    assert products and set(products) == {0.0}
    assert (tiny * 1e-10).item() > 0
    torch.set_flush_denormal(True)
    try:
        train(small, [0])
        assert (tiny * 1e-10).item() == 0
    finally:
        torch.set_flush_denormal(False)


class Interrupted(Exception):
    """The training was broken off."""


def test_a_training_broken_off_between_epochs_ends_as_an_undisturbed_one(small, tmp_path):
    expected, epochs = train(small, range(len(MIXED))), []
    train(small, range(len(MIXED)), progress=lambda done, total: epochs.append(done))
    assert len(epochs) > 6
    for last in (0, len(epochs) // 2, len(epochs) - 2):
        calls = iter(range(last + 1))

        def break_off(done: int, total: int, calls=calls) -> None:
            if next(calls, None) is None:
                raise Interrupted

        # Saved after every epoch, in place of the epochs before it.
        checkpoint = Checkpoint(tmp_path / "state", "key", seconds=0)
        with pytest.raises(Interrupted):
            train(small, range(len(MIXED)), progress=break_off, checkpoint=checkpoint)
        resumed = []
        options = {
            "checkpoint": checkpoint,
            "progress": lambda done, total, to=resumed: to.append(done),
        }
        assert train(small, range(len(MIXED)), **options) == expected
        assert resumed == epochs[last + 1 :]
        checkpoint.clear()


def test_checks_within_an_epoch_find_the_first_and_change_nothing_else(small):
    coarse, fine = (train(small, range(len(MIXED)), checks_per_epoch=checks) for checks in (1, 3))
    for once, often in zip(coarse, fine, strict=True):
        assert replace(often, first_reached=None) == replace(once, first_reached=None)
        if once.status == "reached":
            assert once.first_reached == once.epochs
            assert often.first_reached <= once.first_reached
            # Six steps an epoch: checks after two, four and six.
            assert 3 * often.first_reached == pytest.approx(round(3 * often.first_reached))
    assert any(often.first_reached not in (None, often.epochs) for often in fine)


def test_a_network_leaves_when_it_reaches_the_target_and_the_rest_go_on_to_the_cap(small):
    networks = [
        start("he_normal", run, rate, 20, 20) for run, rate in ((1, 0.2), (2, 1e-6), (3, 0.1))
    ]
    calls = []
    fast, stuck, slower = epochs_to_accuracy(
        small,
        networks,
        batch_size=64,
        target_accuracy=0.6,
        max_epochs=12,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert stuck.status == "cap" and stuck.epochs == len(stuck.accuracies) == 12
    for outcome in (fast, slower):
        assert outcome.status == "reached"
        assert outcome.epochs == len(outcome.accuracies) < 12
        assert outcome.final_accuracy == outcome.accuracies[-1] >= 0.6
        assert all(accuracy < 0.6 for accuracy in outcome.accuracies[:-1])
    assert len(calls) == 12 and calls[-1] == (36, 36)
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(calls))


def test_divergence_is_recorded_as_such_and_leaves_others_alone(small):
    networks = [start("he_normal", run, rate, *[20] * 4) for run, rate in ((1, 1e9), (2, 0.1))]
    diverged, sound = epochs_to_accuracy(
        small, networks, batch_size=64, target_accuracy=1.0, max_epochs=3
    )
    assert diverged.status == "diverged" and diverged.epochs == 3
    assert diverged.accuracies == []
    assert diverged.final_accuracy == diverged.initial_accuracy
    assert sound.status == "cap" and len(sound.accuracies) == 3
    assert all(math.isfinite(accuracy) for accuracy in sound.accuracies)


def test_outputs_that_overflow_before_training_count_as_divergence(small):
    law = replace(WEIGHT_LAWS["he_normal"], gain=1e30)
    network = FullyConnected((20,) * 4, law)
    network = NetworkStart(network, stream("overflow"), stream("overflow order"), 0.1)
    (outcome,) = epochs_to_accuracy(
        small, [network], batch_size=64, target_accuracy=0.2, max_epochs=3
    )
    assert outcome == TrainingOutcome(epochs=3, status="diverged", initial_accuracy=None)


def test_networks_learn_the_subset_to_a_fifth_and_follow_a_plain_loop(mnist):
    """Accuracies are those of a plain float64 loop, but for images that float32 may put on either side.

    Those are images whose two best logits are nearer to each other than twice what a logit may be off
    by, FACTOR times the largest error of plain float32 loops.
    """
    mnist = beginning(mnist, 3000, 1000)
    batch_size, epochs, rate = 85, 2, 0.05

    def begin() -> NetworkStart:
        return start("he_normal", 7, rate, 30, 30, 30, biases=True)

    (outcome,) = epochs_to_accuracy(
        mnist, [begin()], batch_size=batch_size, target_accuracy=1.0, max_epochs=epochs
    )
    assert max(outcome.accuracies) > 0.2
    again = begin()
    draws = [layer[0] for layer in again.network.draw(again.init_stream, 784, 10)[:4]]
    images, labels, test_images, test_labels = (
        torch.from_numpy(array)
        for array in (mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels)
    )
    orders = [
        torch.from_numpy(again.order_stream.numpy.permutation(len(images))) for _ in range(epochs)
    ]

    def logits(digits: torch.dtype, run: int = 0) -> torch.Tensor:
        """Return the logits of the test images before training and after each epoch."""
        weights = [nudged(layer, run).to(digits) for layer in draws]
        twin = fully_connected(weights, biased=True)
        optimiser = torch.optim.SGD(twin.parameters(), lr=rate)
        found = [twin(test_images.to(digits)).detach()]
        for order in orders:
            for index in order.split(batch_size):
                optimiser_step(twin, images[index].to(digits), labels[index], optimiser)
            found.append(twin(test_images.to(digits)).detach())
        return torch.stack(found)

    exact = logits(torch.float64)
    plain = [logits(torch.float32, run) for run in range(PLAIN_RUNS)]
    best = exact.topk(2, dim=2).values
    for epoch, accuracy in enumerate([outcome.initial_accuracy, *outcome.accuracies]):
        error = FACTOR * max(largest_error(each[epoch], exact[epoch]) for each in plain)
        undecided = (best[epoch, :, 0] - best[epoch, :, 1] <= 2 * error).sum().item()
        assert undecided < 20
        correct = (exact[epoch].argmax(dim=1) == test_labels).sum().item()
        assert abs(round(accuracy * len(test_labels)) - correct) <= undecided


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch_size": 0}, "must be positive"),
        ({"max_epochs": 0}, "must be positive"),
        ({"checks_per_epoch": 0}, "must be positive"),
        ({"target_accuracy": 20.0}, "must lie in"),
        ({"networks": []}, "network"),
    ],
)
def test_senseless_requests_are_refused(small, changed, message):
    request = {
        "networks": [start("he_normal", 1, 0.1, 5)],
        "batch_size": 10,
        "target_accuracy": 0.2,
        "max_epochs": 1,
    }
    with pytest.raises(ValueError, match=message):
        epochs_to_accuracy(small, **{**request, **changed})


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: FullyConnected((), WEIGHT_LAWS["he_normal"]), "at least one hidden layer"),
        (lambda: FullyConnected((5, 0), WEIGHT_LAWS["he_normal"]), "must be positive"),
        (lambda: ScaledModuleNetwork((), 5, 5, "relu"), "at least one module"),
        (lambda: ScaledModuleNetwork((1.0,), 5, 0, "relu"), "must be positive"),
        (lambda: ScaledModuleNetwork((1.0,), 5, 5, "tanh"), "'relu' or 'linear'"),
    ],
)
def test_networks_that_cannot_be_are_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()
