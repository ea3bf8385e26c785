"""The O(1)-per-layer sampler of the output ratios, their law at finite depth, and the bounds.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
from scipy import stats
from streams import levels, streams

from deepinit.resnet.bounds import (
    change_bounds,
    markov_bound,
    norm_bounds,
    probability_bounds,
)
from deepinit.resnet.finite_depth import (
    correlation_of_ratios,
    distance_to_limit,
    log_ratio_cumulants,
)
from deepinit.resnet.output_ratios import residual_lengths
from deepinit.resnet.ratios import independent_weights
from deepinit.resnet.ratios_theory import (
    log_mean_squared_growth,
    log_normal_limit,
    mean_squared_change_bounds,
)
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights

ALPHA, Z = levels(170)
stream = streams(76, "test_residual_lengths")


def lengths(depth: int, width: int, beta: float, networks: int):
    """Return log-ratios of the sampler under test."""
    shape = depth, width, beta, networks
    return residual_lengths(*shape, stream("lengths", *shape))


# ---- law


@pytest.mark.parametrize("sampler", ["explicit", "reduced"])
@pytest.mark.parametrize(
    ("width", "depth", "beta"),
    [(2, 1, 0.5), (2, 6, 0.5), (3, 20, 0.25), (10, 30, 0.5), (10, 8, 0.0), (20, 20, 1.0)],
)
def test_outputs_and_gradients_have_the_joint_law_of_norm_and_change(sampler, width, depth, beta):
    """Two-sample Kolmogorov–Smirnov, n = 10,000 and 4000, on norm, change and their mixtures.

    Dead layers are common at width 2 and 3.
    """
    shape, source = (depth, width, beta, 4000), stream(sampler, depth, width, beta)
    if sampler == "explicit":
        other = independent_weights(*shape, source, law="gaussian", inputs="gaussian")
    else:
        other = independent_gaussian_weights(*shape, source)
    found = lengths(depth, width, beta, 10_000)
    own_norm, own_change = np.exp(found.log_output_norm), np.exp(found.log_output_change)
    for logs in (
        (other.log_output_norm, other.log_output_change),
        (other.log_gradient_norm, other.log_gradient_change),
    ):
        norm, change = (np.exp(part.numpy()) for part in logs)
        # A triangle with sides 1, norm and change: the angle at h_0 tells both apart.
        for mine, theirs in (
            (own_norm, norm),
            (own_change, change),
            (own_norm - own_change, norm - change),
            (own_norm**2 - own_change**2, norm**2 - change**2),
        ):
            assert stats.ks_2samp(mine, theirs).pvalue > ALPHA


@pytest.mark.parametrize(("width", "depth", "beta"), [(2, 5, 0.5), (10, 30, 0.5), (100, 20, 1.0)])
def test_the_mean_squared_growth_and_change_are_exact(width, depth, beta):
    """n = 40,000; E‖h_L‖²/‖h_0‖² = (1 + α²/2)^L, E‖h_L − h_0‖²/‖h_0‖² that minus one."""
    found = lengths(depth, width, beta, 40_000)
    growth = math.exp(log_mean_squared_growth(depth, beta))
    squared, change = np.exp(2 * found.log_output_norm), np.exp(2 * found.log_output_change)
    assert abs(squared.mean() - growth) < Z * stats.sem(squared)
    assert abs(change.mean() - (growth - 1)) < Z * stats.sem(change)
    lower, upper = mean_squared_change_bounds(depth, beta)
    assert lower - Z * stats.sem(change) < change.mean() < upper


def test_a_network_without_active_units_has_not_moved():
    """One layer of width 2 is dead with probability ¼; binomial test, n = 10,000."""
    found = lengths(1, 2, 0.5, 10_000)
    dead = np.isneginf(found.log_output_change)
    assert np.all(found.log_output_norm[dead] == 0) and np.isfinite(found.log_output_norm).all()
    assert stats.binomtest(int(dead.sum()), 10_000, 0.25).pvalue > ALPHA


def test_small_changes_keep_their_digits():
    """β = 6, L = 50: α² = 10^{−20.4} is below the rounding of ‖h‖; the mean square is Lα²/2."""
    joint = independent_gaussian_weights(50, 10, 6.0, 10_000, stream("small changes"))
    for change in (
        lengths(50, 10, 6.0, 10_000).log_output_change,
        joint.log_output_change.numpy(),
        joint.log_gradient_change.numpy(),
    ):
        relative = np.exp(2 * change + 12 * math.log(50)) / 25
        assert abs(relative.mean() - 1) < Z * stats.sem(relative)


def test_an_exploding_network_gives_finite_logarithms_of_the_right_size():
    """β = 0, 5000 layers: ‖h_L‖ beyond float64. The mean log of a layer comes from 40 layers."""
    short = lengths(40, 10, 0.0, 20_000).log_output_norm / 40
    outputs = lengths(5000, 10, 0.0, 200)
    joint = independent_gaussian_weights(5000, 10, 0.0, 200, stream("exploding")).numpy()
    for norm, change in (
        (outputs.log_output_norm, outputs.log_output_change),
        (joint["log_output_norm"], joint["log_output_change"]),
        (joint["log_gradient_norm"], joint["log_gradient_change"]),
    ):
        assert norm.min() > math.log(np.finfo(float).max)
        assert np.abs(norm - change).max() < 1e-9
        scaled = norm / 5000
        error = math.hypot(stats.sem(scaled), stats.sem(short))
        assert abs(scaled.mean() - short.mean()) < Z * error


# ---- finite depth


@pytest.mark.parametrize(("depth", "width"), [(10, 10), (20, 40), (20, 200)])
def test_the_first_order_in_one_over_depth_gives_mean_variance_and_skewness(depth, width):
    """n = 100,000. The next order is 1/L²: the slack is the first-order term times 3/L.

    Without the first-order terms the means would be off by 3 to 20 standard errors.
    """
    logs = lengths(depth, width, 0.5, 100_000).log_output_norm
    theory, limit = log_ratio_cumulants(depth, width), log_normal_limit(width)
    first = theory.mean - limit.mean
    assert abs(logs.mean() - theory.mean) < Z * stats.sem(logs) + 3 / depth * abs(first)
    assert abs(logs.mean() - limit.mean) > 2 * stats.sem(logs)
    squares = (logs - logs.mean()) ** 2
    first = abs(theory.variance - limit.deviation**2)
    assert abs(squares.mean() - theory.variance) < Z * stats.sem(squares) + 3 / depth * first
    cubes = (logs - logs.mean()) ** 3
    assert abs(cubes.mean() - theory.third) < Z * stats.sem(cubes) + 3 / depth * abs(theory.third)


def test_the_terms_in_one_over_the_width_hold_in_narrow_networks():
    """d = 4, L = 20, n = 100,000: mean to its noise and to 1/L². Every term in 1/d counts."""
    logs = lengths(20, 4, 0.5, 100_000).log_output_norm
    error = Z * stats.sem(logs) + 1 / 20**2
    assert abs(logs.mean() - log_ratio_cumulants(20, 4).mean) < error < 0.01


@pytest.mark.parametrize(("depth", "width"), [(10, 100), (30, 1000)])
def test_the_distance_to_the_limit_is_that_of_the_first_edgeworth_term(depth, width):
    """n = 100,000: off by the sample's own distance at most, and by 3/L of itself (next order)."""
    limit = log_normal_limit(width)
    logs = lengths(depth, width, 0.5, 100_000).log_output_norm
    found = stats.kstest((logs - limit.mean) / limit.deviation, stats.norm.cdf).statistic
    noise = stats.kstwo.isf(ALPHA, len(logs))
    expected = distance_to_limit(depth, width)
    assert expected > 2 * noise
    assert abs(found - expected) < noise + 3 / depth * expected


def test_output_and_gradient_ratios_are_correlated_like_three_halves_over_the_width():
    """d = 16, L = 10, n = 80,000: 3/(2d) = .094, to 3/d² (next order) and to the noise 1/√n.

    One over d, which the alignment of h and p alone would give, is told apart.
    """
    found = independent_gaussian_weights(10, 16, 0.5, 80_000, stream("joint"))
    pair = np.corrcoef(found.log_output_norm, found.log_gradient_norm)
    allowed = Z / math.sqrt(80_000) + 3 / 16**2
    assert abs(pair[0, 1] - correlation_of_ratios(16)) < allowed < 0.5 / 16


# ---- bounds


def test_the_bounds_are_the_published_ones():
    low, high = norm_bounds(100, 0.5)
    assert (math.sqrt(low), math.sqrt(high)) == pytest.approx((0.87, 2.06), abs=0.005)
    assert (math.sqrt(low), math.sqrt(high)) == pytest.approx(probability_bounds(100, 0.5))
    assert change_bounds(100, 0.5) == pytest.approx((low - 1, high + 1))
    assert markov_bound(100, 0.5, [0.1, 1]) == pytest.approx([20, 2])
    assert markov_bound(100, 1.0, 0.5) == pytest.approx(0.04)


@pytest.mark.parametrize("width", [3, 10, 200])
def test_the_bounds_hold_with_their_probability(width):
    """L = 30, n = 20,000: exceeded by a share below δ, for δ from .02 to .9 (binomial test)."""
    found = lengths(30, width, 0.5, 20_000)
    change = np.exp(2 * found.log_output_change)
    for delta in (0.02, 0.1, 0.5, 0.9):
        low, high = change_bounds(width, delta)
        for outside in (change > markov_bound(30, 0.5, delta), (change <= low) | (change >= high)):
            count = int(outside.sum())
            assert stats.binomtest(count, 20_000, delta, alternative="less").pvalue < ALPHA
