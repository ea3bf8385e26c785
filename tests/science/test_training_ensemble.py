"""Lockstep training: independent networks, honest endings."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from deepinit.datasets import Images, load_mnist
from deepinit.random_stream import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.train import ensemble
from deepinit.train.ensemble import epochs_to_accuracy
from deepinit.train.outcome import NetworkStart, TrainingOutcome
from deepinit.weight_laws import WEIGHT_LAWS
from deepinit.weights import draw_weights

SUBSET = Path(__file__).resolve().parents[2] / "workflow" / "data" / "mnist_subset"


@pytest.fixture(scope="module")
def mnist() -> Images:
    """Load the carried subset."""
    return load_mnist(SUBSET)


@pytest.fixture(scope="module")
def small(mnist: Images) -> Images:
    """Cut the first 1,000 training and 500 test images (the order is random)."""
    return replace(
        mnist,
        train_images=mnist.train_images[:1000],
        train_labels=mnist.train_labels[:1000],
        test_images=mnist.test_images[:500],
        test_labels=mnist.test_labels[:500],
    )


def stream(*address: str | int) -> RandomStream:
    """Return the stream of a test."""
    return RandomStream(seed_sequence(32, "test_training", *address))


def start(law: str, run: int, rate: float) -> NetworkStart:
    """Return a network to train, with fresh streams."""
    return NetworkStart(WEIGHT_LAWS[law], stream("init", run), stream("order", run), rate)


def module_twin(layers: Sequence[torch.Tensor]) -> torch.nn.Sequential:
    """Return one network as a torch module with the given weights (fan_out, fan_in)."""
    modules: list[torch.nn.Module] = []
    for weight in layers:
        linear = torch.nn.Linear(*reversed(weight.shape), bias=False, dtype=weight.dtype)
        linear.weight.data.copy_(weight)
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def sgd_step(
    twin: torch.nn.Module, images: torch.Tensor, labels: torch.Tensor, rate: float
) -> None:
    """Make one step of torch's own SGD with autograd."""
    optimiser = torch.optim.SGD(twin.parameters(), lr=rate)
    optimiser.zero_grad()
    torch.nn.functional.cross_entropy(twin(images), labels).backward()
    optimiser.step()


def test_outcomes_do_not_depend_on_companions_nor_on_who_has_left(small, monkeypatch):
    laws = ["he_normal", "orthogonal", "pytorch_default", "he_uniform", "twice_he_normal"]
    rates = [0.1, 0.02, 0.1, 1e6, 0.1]

    def run(which: Sequence[int]) -> list[TrainingOutcome]:
        networks = [start(laws[k], k, rates[k]) for k in which]
        return epochs_to_accuracy(
            small, [15, 10], networks, batch_size=171, target_accuracy=0.4, max_epochs=4
        )

    together = run(range(5))
    assert len({(outcome.status, outcome.epochs) for outcome in together}) > 2
    for k in range(5):
        assert run([k]) == [together[k]]
    assert run([4, 1, 0]) == [together[4], together[1], together[0]]
    monkeypatch.setitem(ensemble._WORKING_SET, "cpu", 1)
    assert run(range(5)) == together


def test_a_network_leaves_when_it_reaches_the_target_and_the_rest_go_on_to_the_cap(small):
    networks = [start("he_normal", 1, 0.2), start("he_normal", 2, 1e-6), start("he_normal", 3, 0.1)]
    calls = []
    fast, stuck, slower = epochs_to_accuracy(
        small,
        [20, 20],
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
    networks = [start("he_normal", 1, 1e9), start("he_normal", 2, 0.1)]
    diverged, sound = epochs_to_accuracy(
        small, [20] * 4, networks, batch_size=64, target_accuracy=1.0, max_epochs=3
    )
    assert diverged.status == "diverged" and diverged.epochs == 3
    assert diverged.accuracies == []
    assert diverged.final_accuracy == diverged.initial_accuracy
    assert sound.status == "cap" and len(sound.accuracies) == 3
    assert all(math.isfinite(accuracy) for accuracy in sound.accuracies)


def test_outputs_that_overflow_before_training_count_as_divergence(small):
    law = replace(WEIGHT_LAWS["he_normal"], gain=1e30)
    network = NetworkStart(law, stream("overflow"), stream("overflow order"), 0.1)
    (outcome,) = epochs_to_accuracy(
        small, [20] * 4, [network], batch_size=64, target_accuracy=0.2, max_epochs=3
    )
    assert outcome == TrainingOutcome(epochs=3, status="diverged", initial_accuracy=None)


def test_he_networks_learn_the_subset_to_a_fifth_and_follow_a_plain_loop(mnist):
    """The accuracies of a plain module loop are met to two of the 2,000 test images.

    The two sum in another order: logits differ by about 1e-6, so that an image changes sides
    only if its two best logits are that close.
    """
    widths, batch_size, rate, epochs = [784, 30, 30, 30, 10], 171, 0.05, 2
    (outcome,) = epochs_to_accuracy(
        mnist,
        widths[1:-1],
        [start("he_normal", 7, rate)],
        batch_size=batch_size,
        target_accuracy=1.0,
        max_epochs=epochs,
    )
    assert max(outcome.accuracies) > 0.2
    source, order = stream("init", 7), stream("order", 7)
    draws = [
        draw_weights(WEIGHT_LAWS["he_normal"], source, 1, b, a)[0] for a, b in pairwise(widths)
    ]
    twin = module_twin(draws)
    images, labels, test_images, test_labels = (
        torch.from_numpy(array)
        for array in (mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels)
    )

    def accuracy() -> float:
        with torch.no_grad():
            return (twin(test_images).argmax(dim=1) == test_labels).double().mean().item()

    expected = [accuracy()]
    for _ in range(epochs):
        for index in torch.from_numpy(order.numpy.permutation(len(images))).split(batch_size):
            sgd_step(twin, images[index], labels[index], rate)
        expected.append(accuracy())
    measured = [outcome.initial_accuracy, *outcome.accuracies]
    assert measured == pytest.approx(expected, abs=2 / 2000)


@pytest.mark.slow
def test_he_networks_of_depth_ten_start_to_train_at_the_papers_rate(mnist):
    networks = [start("he_normal", run, 0.01) for run in range(5)]
    outcomes = epochs_to_accuracy(
        mnist, [10] * 10, networks, batch_size=171, target_accuracy=0.2, max_epochs=40
    )
    assert sum(outcome.status == "reached" for outcome in outcomes) >= 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"hidden_widths": []}, "at least one hidden layer"),
        ({"hidden_widths": [5, 0]}, "must be positive"),
        ({"batch_size": 0}, "must be positive"),
        ({"max_epochs": 0}, "must be positive"),
        ({"target_accuracy": 20.0}, "must lie in"),
        ({"networks": []}, "on one device"),
    ],
)
def test_senseless_requests_are_refused(small, changed, message):
    request = {
        "hidden_widths": [5],
        "networks": [start("he_normal", 1, 0.1)],
        "batch_size": 10,
        "target_accuracy": 0.2,
        "max_epochs": 1,
    }
    with pytest.raises(ValueError, match=message):
        epochs_to_accuracy(small, **{**request, **changed})
