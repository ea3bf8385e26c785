"""The exact law of log M_d by inversion, against its moments, the chi-square product and networks.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-5 (Bonferroni).
"""

import functools
import math

import numpy as np
import pytest
from scipy import integrate, special, stats
from streams import levels, streams

from deepinit.dense.empirical_variance import log_lengths
from deepinit.dense.length_law import log_length_law
from deepinit.dense.length_moments import log_factor_moments

ALPHA, _ = levels(10, 1e-5)
WIDTHS = [[5] * 5, [20] * 20, [100] * 100, [3, 30, 7, 12], [2, 2], [15] * 100, [1], [6000]]
stream = streams(75, "test_length_law")
exact_law = functools.cache(lambda *widths: log_length_law(widths))


@pytest.mark.parametrize("widths", WIDTHS, ids=lambda widths: f"{len(widths)}x{widths[0]}")
def test_the_density_has_the_exact_moments_of_the_logarithm(widths):
    """Mass, mean and variance, by Simpson's rule on the grid."""
    law = exact_law(*widths)
    mean, variance = np.array([log_factor_moments(width) for width in widths]).sum(axis=0)
    assert law.density.min() > -1e-12
    assert integrate.simpson(law.density, x=law.values) == pytest.approx(1, abs=1e-9)
    assert integrate.simpson(law.density * law.values, x=law.values) == pytest.approx(
        mean, abs=1e-8
    )
    squares = (law.values - mean) ** 2
    # The window is 60 wide or more: 1e-13 of rounding in the density counts 1e-9 in the square.
    assert integrate.simpson(law.density * squares, x=law.values) == pytest.approx(
        variance, rel=1e-8, abs=1e-9
    )


def test_one_layer_is_a_mixture_of_chi_squares():
    """Density and distribution function in closed form."""
    width = 9
    law, active = log_length_law([width]), np.arange(1, width + 1)
    weight = special.binom(width, active) / (2**width - 1)
    y = np.linspace(-6, 2.5, 50)[:, None]
    x = width / 2 * np.exp(y)
    density = (weight * stats.chi2.pdf(x, active) * x).sum(axis=1)
    assert law.pdf(y[:, 0]) == pytest.approx(density, abs=1e-7)
    cumulative = (weight * stats.chi2.cdf(x, active)).sum(axis=1)
    assert law.cdf(y[:, 0]) == pytest.approx(cumulative, abs=1e-8)


def test_the_distribution_function_is_the_integral_of_the_density():
    law = log_length_law([6, 11, 4])
    running = integrate.cumulative_simpson(law.density, x=law.values, initial=0)
    assert law.distribution == pytest.approx(running, abs=1e-8)
    assert law.cdf([-1e3, 1e3]) == pytest.approx([0, 1], abs=1e-9)
    assert law.pdf([-1e3, 1e3]) == pytest.approx([0, 0])


@pytest.mark.parametrize("widths", WIDTHS, ids=lambda widths: f"{len(widths)}x{widths[0]}")
def test_chi_square_products_follow_the_law(widths):
    """One-sample Kolmogorov–Smirnov, n = 30,000 less the dead."""
    logs = log_lengths(widths, 30_000, stream("product", widths))[:, -1]
    assert stats.kstest(logs[np.isfinite(logs)], exact_law(*widths).cdf).pvalue > ALPHA


def test_the_law_approaches_the_log_normal_one_as_one_over_the_width():
    """β = 1: the largest distance to N(−5/2, 5) falls by 2 with each doubling, up to 3 % (next order)."""
    distances = []
    for width in (100, 200, 400):
        law = log_length_law([width] * width)
        normal = stats.norm.cdf(law.values, -2.5, math.sqrt(5))
        distances.append(np.abs(law.distribution - normal).max())
    ratios = np.array(distances[:-1]) / np.array(distances[1:])
    assert distances[0] < 0.02
    assert ratios == pytest.approx([2, 2], rel=0.03)
