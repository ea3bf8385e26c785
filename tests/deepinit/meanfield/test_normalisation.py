"""Batch and layer normalisation before the ReLU: exact statements, and networks.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
from rounding import sum_rounding
from scipy import stats
from streams import levels, reach, streams, z_score

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.meanfield.normalisation import SAMPLES, STEPS, UNITS, normalise
from deepinit.meanfield.normalisation_theory import (
    batch_norm_drift,
    batch_norm_squared_mean,
    batch_norm_variance,
)
from deepinit.meanfield.sample_variance import next_preactivations, sample_statistics

ALPHA, Z = levels(50)
stream = streams(82, "test_normalisation")


def test_mean_and_deviation_have_the_published_digits():
    assert math.sqrt(batch_norm_squared_mean()) == pytest.approx(0.5642, abs=5e-5)
    assert math.sqrt(batch_norm_variance()) == pytest.approx(0.8256, abs=5e-5)
    assert batch_norm_squared_mean(1001) == pytest.approx(1 / math.pi - 1 / 2000, abs=1e-6)


@pytest.mark.rounding
def test_normalisation_makes_means_zero_and_squares_one():
    y = stream("normalise").normal(3, 50, 20) * 4 + 2
    for axis in (SAMPLES, UNITS):
        # Mean and mean square are sums of so many terms, which are about as large as the deviation.
        allowed = 2 * sum_rounding(y.shape[axis])
        normalised = normalise(y, axis).double()
        assert normalised.mean(dim=axis).abs().max() < allowed
        assert (normalised.square().mean(dim=axis) - 1).abs().max() < allowed


@pytest.mark.parametrize("batch", [2, 3, 8, 64])
def test_rectified_normalised_batches_have_the_exact_mean_product(batch):
    """10⁵ units; 2 E ReLU(u_s) ReLU(u_t) over pairs, for normal inputs with a common part."""
    source = stream("pairs", batch)
    y = source.normal(1, 100_000, batch) + 0.7 * source.normal(1, 100_000, 1)
    x = normalise(y, SAMPLES).relu_()[0].double().numpy()
    pairs = 2 * (x.sum(axis=1) ** 2 - (x**2).sum(axis=1)) / (batch * (batch - 1))
    expected = batch_norm_squared_mean(batch)
    if batch == 2:
        assert expected == 0 and np.abs(pairs).max() == 0
    else:
        assert abs(z_score(pairs, expected)) < Z
        # The test tells the batch from the limit.
        assert batch > 8 or abs(z_score(pairs, 1 / math.pi)) > Z


def test_wide_nets_with_batch_norm_have_the_same_statistics_in_every_layer():
    """N = 1000, T = 20, 100 nets; 5 l/(4N) of m² allowed for finite width."""
    m2, v2 = sample_statistics(1000, 8, 20, 100, stream("wide"), step=STEPS["batch norm"])
    for layer in (1, 3, 7):
        expected = batch_norm_squared_mean(20)
        allowed = reach(m2[:, layer], ALPHA) + expected * 1.25 * layer / 1000
        assert abs(m2[:, layer].mean() - expected) < allowed < 0.02
        assert abs(v2[:, layer].mean() - (1 - expected)) < allowed + 0.01
        assert abs(m2[:, layer].mean() - 1 / math.pi) > allowed


@pytest.mark.parametrize("batch", [4, 30])
def test_batch_norm_keeps_the_mean_total_variance_and_bounds_the_mean_at_any_width(batch):
    """N = 12, 30 layers, 3000 nets: E σ² = 1; uncorrected ⟪⟨y⟩²⟫ ≤ ½."""
    m2, v2 = sample_statistics(12, 30, batch, 3000, stream("any", batch), step=STEPS["batch norm"])
    for layer in (0, 1, 29):
        assert abs(z_score((m2 + v2)[:, layer].numpy(), 1.0)) < Z
        squared_mean = (m2 + v2 / batch)[:, layer].numpy()
        assert squared_mean.mean() - Z * stats.sem(squared_mean) < 0.5


@pytest.mark.parametrize("size", [0.0, 0.5, 1.0, 4.0])
def test_one_input_of_another_size_changes_it_as_derived(size):
    """N = 1000, batch of 300, 40 layers; slack 10/T for its own share in the batch's statistics."""
    source, found = stream("size", size), []
    for _ in range(40):
        u = source.normal(1, 1000, 300)
        u[..., 0] *= math.sqrt(size)
        y = next_preactivations(u.relu_(), 2 / 1000, source, reduced=True)
        found.append(float(normalise(y, SAMPLES)[..., 0].double().square().mean()))
    expected = (size - 2 * math.sqrt(size) / math.pi + 1 / math.pi) / (1 - 1 / math.pi)
    allowed = reach(found, ALPHA) + expected * 10 * max(size, 1) / 300
    assert abs(np.mean(found) - expected) < allowed
    assert expected > size or size == 1 == pytest.approx(expected)


def test_one_layer_adds_the_derived_variance_to_the_sizes_of_inputs():
    """4000 inputs of size 1, N = 1000: of the size one layer later, mean 1 and N times the variance V."""
    y = stream("added").normal(1, 1000, 4000)
    x = normalise(y, SAMPLES).relu_()[0].double()
    sizes = (x - x.mean(dim=1, keepdim=True)).square().mean(dim=0).numpy() * 2
    sizes /= batch_norm_variance()
    added = 4 * 1000 * (batch_norm_drift(2, 1000) - batch_norm_drift(1, 1000))
    assert added == pytest.approx(4.4076, abs=5e-5)
    assert abs(z_score(sizes, 1.0)) < Z
    assert abs(1000 * sizes.var() / added - 1) < Z * math.sqrt(2 / 4000)


def test_narrow_nets_with_batch_norm_lose_some_of_the_mean_and_at_most_what_is_derived():
    """N = 200, T = 32, 2000 nets, layer 5."""
    drift = batch_norm_drift(5, 200)
    m2, v2 = sample_statistics(200, 6, 32, 2000, stream("lost", 32), step=STEPS["batch norm"])
    lost = 1 - (m2 / (m2 + v2))[:, 5].numpy() / batch_norm_squared_mean(32)
    assert lost.mean() > Z * stats.sem(lost)
    assert lost.mean() < drift + Z * stats.sem(lost) < 2 * drift


def test_layer_norm_leaves_the_wide_net_as_it_was():
    """N = 1000, T = 40, 60 nets, layers to 10; corrections up to 5 l/N allowed for."""
    m2, v2 = sample_statistics(1000, 11, 40, 60, stream("layer"), step=STEPS["layer norm"])
    share = (m2 / (m2 + v2)).numpy()
    for layer, expected in enumerate(correlation_by_layer(10)):
        allowed = reach(share[:, layer], ALPHA) + expected * 5 * layer / 1000
        assert abs(share[:, layer].mean() - expected) < allowed < 0.08


def test_layer_norm_removes_the_scatter_of_the_total_variance():
    """N = 50, layer 30: log σ² has variance of order 5 l/N plain and 2/N with layer norm."""
    spread = {}
    for name in ("plain", "layer norm"):
        m2, v2 = sample_statistics(50, 31, 10, 400, stream("scatter", name), step=STEPS[name])
        spread[name] = float((m2 + v2)[:, 30].log().var())
    assert spread["layer norm"] < 4 / 50 < 0.5 < spread["plain"]
