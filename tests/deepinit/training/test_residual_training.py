"""Scaled residual networks trained together: exact gradients, independence, honest endings."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from project import SUBSET
from scipy import linalg
from streams import levels
from training_samples import beginning

from deepinit.noise.fractional_theory import noise_covariance
from deepinit.random import RandomStream
from deepinit.reference.modules import TrainedResidual, optimiser_step
from deepinit.resnet.smooth_weights_theory import layer_correlation
from deepinit.seeds import seed_sequence
from deepinit.training import residual_training
from deepinit.training.images import Images
from deepinit.training.residual_batch import ScaledResidualBatch
from deepinit.training.residual_start import ResidualOutcome, ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.checkpoint import Checkpoint
from study.datasets.mnist import load_mnist

SIZES = {"depth": 40, "width": 30, "batch_size": 128, "epochs": 2, "drop_every": 1}


@pytest.fixture(scope="module")
def small() -> Images:
    """Cut the first 440 training and 150 test images (the order is random)."""
    return beginning(load_mnist(SUBSET), 440, 150)


def start(
    number: int, law: str = "fractional", rate: float = 1e-2, **keys: object
) -> ResidualStart:
    """Return a network with fresh streams of its own."""
    weights, order = (
        RandomStream(seed_sequence(9, "test_residual_training", number, what))
        for what in ("weights", "order")
    )
    settings = {"beta": 0.4 + 0.05 * number, "biased": number % 2 == 0, "hurst": 0.3, **keys}
    return ResidualStart(law, settings.pop("beta"), settings.pop("biased"), rate, weights, order,
                         **settings)  # fmt: skip


def starts() -> list[ResidualStart]:
    """Return seven networks of all laws and several rates."""
    laws = ("fractional", "independent", "smooth")
    return [start(number, laws[number % 3], 10 ** -(1 + number % 3)) for number in range(7)]


def same(ours: ResidualOutcome, theirs: ResidualOutcome) -> bool:
    """Return whether two outcomes agree to the last bit."""
    counts = (ours.status, ours.test_correct, ours.validation_correct)
    if counts != (theirs.status, theirs.test_correct, theirs.validation_correct):
        return False
    if ours.hidden is None or theirs.hidden is None:
        return ours.hidden is theirs.hidden
    return torch.equal(ours.hidden, theirs.hidden) and torch.equal(ours.biases, theirs.biases)


def train_by_adam(
    module: torch.nn.Module,
    batches: Sequence[tuple[torch.Tensor, torch.Tensor]],
    rates: Sequence[float],
) -> None:
    """Make one step of Adam a batch of (images, labels), each at its own rate."""
    optimiser = torch.optim.Adam(module.parameters(), lr=rates[0])
    for (images, labels), rate in zip(batches, rates, strict=True):
        optimiser.param_groups[0]["lr"] = rate
        optimiser_step(module, images, labels, optimiser)


def test_steps_are_those_of_autograd_and_of_torchs_adam():
    torch.manual_seed(3)
    depth, width, pixels, classes, networks = 7, 10, 21, 5, 3
    double = {"dtype": torch.float64}
    hidden = torch.randn(depth, networks, width, width, **double) / width**0.5
    first = torch.randn(networks, width, pixels, **double)
    last = torch.randn(networks, classes, width, **double)
    alphas, biased = torch.tensor([0.5, 0.03, 1.3], **double), torch.tensor([True, False, True])
    rates = torch.tensor([1e-3, 0.1, 0.02], **double)
    factors, sizes = [1, 1, 0.1, 0.1], [20, 32, 9, 20]
    batch = ScaledResidualBatch(hidden, first, last, alphas, biased, rates, 32)
    batches: list[list[tuple]] = [[] for _ in range(networks)]
    for number, factor in zip(sizes, factors, strict=True):
        padded = -(-number // 16) * 16
        inputs = torch.zeros(networks, padded, 32, **double)
        inputs[:, :number, :pixels] = torch.rand(networks, number, pixels, **double)
        labels = torch.randint(classes, (networks, number))
        targets = torch.zeros(networks, padded, classes, **double)
        targets[:, :number] = torch.nn.functional.one_hot(labels, classes).double()
        batch.step(inputs, targets, number, factor)
        for network in range(networks):
            batches[network].append((inputs[network, :number, :pixels], labels[network]))
    for network in range(networks):
        twin = TrainedResidual(hidden[:, network], first[network], last[network],
                              float(alphas[network]), bool(biased[network]))  # fmt: skip
        train_by_adam(
            twin, batches[network], [float(rates[network]) * factor for factor in factors]
        )
        weights, biases = batch.unscaled(network)
        expected = torch.stack([layer.weight.detach() for layer in twin.layers])
        assert torch.allclose(weights, expected, rtol=1e-9, atol=1e-9)
        if biased[network]:
            expected = torch.stack([layer.bias.detach() for layer in twin.layers])
            assert torch.allclose(biases, expected, rtol=1e-9, atol=1e-9)
        else:
            assert not biases.any()
        assert torch.allclose(batch.first[network, :pixels, :width].T, twin.first.weight, rtol=1e-9)
        assert torch.allclose(batch.last[network, :width, :classes].T, twin.last.weight, rtol=1e-9)


def test_a_network_has_the_same_bytes_in_any_company(small, monkeypatch):
    settings = {**SIZES, "held_out": range(40), "keep_weights": True}
    together = train_residual_networks(small, starts(), **settings)
    assert {outcome.status for outcome in together} == {"trained"}
    assert max(outcome.test_correct[-1] for outcome in together) > 50
    for number in (0, 3, 6):
        (alone,) = train_residual_networks(small, [starts()[number]], **settings)
        assert same(alone, together[number])
    # In groups of two or three, in the opposite order.
    monkeypatch.setitem(residual_training._ACTIVATIONS, "cpu", 3 * 4 * 40 * 32 * 128)
    backwards = train_residual_networks(small, starts()[::-1], **settings)
    assert all(map(same, backwards[::-1], together))


def test_a_network_that_diverges_leaves_and_the_others_do_not_notice(small):
    settings = {**SIZES, "keep_weights": True}
    explodes = start(20, beta=-3.0)
    runs_away = start(21, rate=1e30)
    good = starts()[:2]
    outcomes = train_residual_networks(small, [explodes, good[0], runs_away, good[1]], **settings)
    assert [outcome.status for outcome in outcomes] == [
        "diverged",
        "trained",
        "diverged",
        "trained",
    ]
    assert outcomes[0].test_correct == [] and outcomes[0].hidden is None
    alone = train_residual_networks(small, starts()[:2], **settings)
    assert same(outcomes[1], alone[0]) and same(outcomes[3], alone[1])


class Killed(Exception):
    """Stands for the end of a process."""


def test_a_training_that_was_cut_off_goes_on_and_ends_with_the_same_bytes(
    small, tmp_path, monkeypatch
):
    monkeypatch.setitem(residual_training._ACTIVATIONS, "cpu", 4 * 4 * 40 * 32 * 128)
    settings = {**SIZES, "held_out": range(40), "keep_weights": True}
    undisturbed = train_residual_networks(small, [start(21, rate=1e30), *starts()], **settings)
    checkpoint = Checkpoint(tmp_path / "checkpoint", "key", seconds=0)
    calls = 0

    def kill(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls % 5 == 0:
            raise Killed

    resumed = None
    while resumed is None:
        try:
            resumed = train_residual_networks(
                small, [start(21, rate=1e30), *starts()], **settings, checkpoint=checkpoint,
                progress=kill,
            )  # fmt: skip
            break
        except Killed:
            continue
    assert calls > 10
    assert all(map(same, resumed, undisturbed))
    assert checkpoint.load() is not None


def test_initial_weights_have_variance_one_over_d():
    """Mean squares of twelve draws, nine tests at 1e-4 together; only layers of V depend on one another.

    With ρ the correlation of layers, the mean of squares of Gaussian numbers has the variance 2 mean(ρ²)
    over the number of paths; that of squares of uniform ones 4/5 over their number.
    """
    of_squares = {
        "independent": 0.8 * np.eye(60),
        "smooth": 2 * layer_correlation(60) ** 2,
        "fractional": 2 * linalg.toeplitz(noise_covariance(0.8, 60)) ** 2,
    }
    _, score = levels(9)
    for law, covariance in of_squares.items():
        drawn = [start(n, law, hurst=0.8).draw(60, 30, 50, 10) for n in range(12)]
        for which, fan_in, variance, paths in (
            (0, 30, covariance.mean(), 900), (1, 50, 0.8, 1500), (2, 30, 0.8, 300)
        ):  # fmt: skip
            values = torch.stack([weights[which] for weights in drawn])
            mean = float(values.double().square().mean()) * fan_in
            assert abs(mean - 1) < score * (variance / (12 * paths)) ** 0.5
    with pytest.raises(ValueError, match="law must be"):
        start(0, "rough").draw(5, 4, 3, 2)


def test_wrong_sizes_are_refused(small):
    with pytest.raises(ValueError, match="must be positive"):
        train_residual_networks(small, starts(), **{**SIZES, "epochs": 0})
    with pytest.raises(ValueError, match="leave none"):
        train_residual_networks(small, starts(), **SIZES, held_out=range(440))
