"""Failure mode 2: E V̂ in closed form against networks, plain and tilted samples.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-5 (Bonferroni). Plain means are
tested at β = Σ 1/n ≤ .13, where V̂ is not heavy-tailed; tilted ones at any β.
"""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats
from streams import levels, streams

from deepinit.dense.empirical_variance import (
    log_empirical_variance,
    log_lengths,
    log_tilted_variance,
)
from deepinit.dense.empirical_variance_theory import (
    log_mean_empirical_variance,
    log_mean_of_fully_connected,
    log_second_moments,
    wide_limit,
)
from deepinit.resnet.scaled_modules import log_lengths as residual_log_lengths
from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_second_moment_linear,
    module_scales,
)

ALPHA, Z = levels(40, 1e-5)
DEEP = {
    "constant": [15] * 60,
    "alternating": [10, 30] * 30,
    "wide first": [30] * 30 + [10] * 30,
    "narrow first": [10] * 30 + [30] * 30,
    "narrow": [3] * 20,
}
stream = streams(77, "test_empirical_variance")


@pytest.mark.parametrize("widths", [[20, 5, 9, 9], *DEEP.values()], ids=len)
def test_the_closed_form_is_the_double_sum(widths):
    """mean_j P_j − mean_{j,k} P_{min(j,k)}, and its single sum."""
    growth = np.cumprod(1 + 5 / np.array(widths))
    depth = len(widths)
    double = growth.mean() - np.minimum.outer(growth, growth).mean()
    single = ((2 * np.arange(1, depth + 1) - depth - 1) * growth).sum() / depth**2
    assert single == pytest.approx(double, rel=1e-9)
    assert math.exp(log_mean_of_fully_connected(widths)) == pytest.approx(double, rel=1e-9)


def test_depths_beyond_the_range_of_floats_have_finite_logarithms():
    """β = 1000: E V̂ = P_d (1 − 1/d + …)/d."""
    widths = [5] * 5000
    found = log_mean_of_fully_connected(widths)
    ratio = np.exp(-np.log(2) * np.arange(60))
    expected = np.log(((4999 - 2 * np.arange(60)) * ratio).sum() / 5000**2)
    assert found - log_second_moments(widths)[-1] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("widths", DEEP.values(), ids=DEEP)
def test_tilted_samples_have_the_exact_mean_at_any_depth(widths):
    """z-test, n = 4000 bounded numbers; β from 4 to 6.7, where plain samples fail."""
    exact = log_mean_of_fully_connected(widths)
    logs = log_tilted_variance(widths, 4000, stream("tilted", widths).numpy)
    relative = np.exp(logs - exact)
    bound = np.exp(special.logsumexp(log_second_moments(widths)) - exact) / len(widths)
    assert relative.max() <= bound * (1 + 1e-9)
    assert abs(relative.mean() - 1) < Z * stats.sem(relative)
    plain = log_empirical_variance(log_lengths(widths, 4000, stream("plain", widths).numpy))
    assert special.logsumexp(plain) - np.log(4000) < exact - 2


def test_plain_and_tilted_samples_have_the_exact_mean_in_a_shallow_narrow_network():
    """Widths 2, 3, 2, where layers die often: 200,000 networks each, heavy-tailed no more than
    three layers allow (E V̂² is finite)."""
    widths = [2, 3, 2]
    plain = np.exp(log_empirical_variance(log_lengths(widths, 200_000, stream("shallow").numpy)))
    tilted = np.exp(log_tilted_variance(widths, 200_000, stream("shallow tilted").numpy))
    exact = math.exp(log_mean_of_fully_connected(widths))
    for values in (plain, tilted):
        assert abs(values.mean() - exact) < Z * stats.sem(values)


def test_the_wide_limit_is_reached_as_one_over_width():
    """β = 1: the relative gap halves with each doubling of the width, up to 10 %."""
    limit = float(wide_limit(1.0))
    gaps = [
        1 - math.exp(log_mean_of_fully_connected([width] * width)) / limit
        for width in (400, 800, 1600)
    ]
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.1)
    assert gaps[1] / gaps[2] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("beta", [1e-5, 1.999e-3, 2.001e-3, 0.5, 4.0])
def test_the_wide_limit_is_the_integral_over_depth(beta):
    integral = integrate.quad(
        lambda s: (2 * s - 1) * math.expm1(5 * beta * s), 0, 1, epsabs=0, epsrel=1e-11
    )
    assert float(wide_limit(beta)) == pytest.approx(integral[0], rel=1e-7)


def test_residual_networks_have_the_exact_mean_variance():
    """Linear-ended, η_l = ½^l, width 10: z-test, n = 20,000; V̂ falls as 1/d beyond."""
    scales = module_scales(0.5, 8)
    source = stream("residual")
    logs = residual_log_lengths(
        scales.tolist(), 10, 20_000, source, hidden=10, ending="linear", reduced=False
    ).numpy()
    values = np.exp(log_empirical_variance(logs))
    mean, second = log_mean_growth_linear(scales), log_second_moment_linear(scales, 10, 10)
    exact = math.exp(log_mean_empirical_variance(second, mean))
    assert abs(values.mean() - exact) < Z * stats.sem(values)
    deep = []
    for depth in (400, 800):
        scales = module_scales(0.5, depth)
        second = log_second_moment_linear(scales, 10, 10)
        deep.append(log_mean_empirical_variance(second, log_mean_growth_linear(scales)))
    assert deep[0] - deep[1] == pytest.approx(math.log(2), rel=0.02)


def test_a_network_that_is_dead_from_the_start_has_no_variance():
    logs = np.array([[-np.inf, -np.inf], [0.0, -np.inf], [1.0, 1.0]])
    assert log_empirical_variance(logs) == pytest.approx([-np.inf, np.log(0.25), -np.inf])
