"""Total variance of finite networks: one input exactly, many inputs to first order in 1/N.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
from scipy import integrate, stats
from streams import levels, streams

from deepinit.dense.empirical_variance import log_lengths
from deepinit.meanfield.sample_variance import next_preactivations, sample_statistics
from deepinit.meanfield.total_variance import (
    WIDEST,
    first_order_variance,
    one_input_log_density,
    one_input_log_mean,
)

ALPHA, Z = levels(30)
stream = streams(84, "test_total_variance")


def one_input(width: int, layer: int, count: int) -> np.ndarray:
    """Return draws of log q_l from its product law."""
    generator = stream("one input", width, layer).numpy
    ends = np.log(generator.chisquare(width, (2, count)) / width).sum(axis=0)
    return ends + log_lengths([width] * layer, count, generator)[:, -1] if layer else ends


@pytest.mark.parametrize(("width", "layer"), [(1, 1), (3, 5), (30, 49), (WIDEST, 49)])
def test_the_density_of_one_input_is_that_of_its_product_law(width, layer):
    """Kolmogorov–Smirnov with 20,000 draws less the dead; mass one, mean the exact one."""
    values, density = one_input_log_density(width, layer)
    spacing = values[1] - values[0]
    assert density.sum() * spacing == pytest.approx(1, abs=1e-8)
    mean = (values * density).sum() * spacing
    assert mean == pytest.approx(one_input_log_mean(width, layer + 1)[layer], abs=1e-6)
    cdf = integrate.cumulative_simpson(density, x=values, initial=0)
    drawn = one_input(width, layer, 20_000)
    drawn = drawn[np.isfinite(drawn)]
    assert stats.kstest(drawn, lambda x: np.interp(x, values, cdf)).pvalue > ALPHA


def test_one_input_of_drawn_networks_follows_the_product_law():
    """Two-sample Kolmogorov–Smirnov of log q in layers 0, 1 and 6, N = 20, 5000 networks each.

    The average over two inputs, which would have less scatter, is told apart.
    """
    y = stream("drawn").normal(5000, 20, 2) * 0.5**0.5
    source = stream("weights")
    for layer in range(7):
        y = next_preactivations(y if layer == 0 else y.relu_(), 2 / 20, source, reduced=False)
        if layer in (0, 1, 6):
            squares = y.double().square().mean(dim=1).numpy()
            exact = one_input(20, layer, 5000)
            assert stats.ks_2samp(np.log(squares[:, 0]), exact).pvalue > ALPHA
            assert stats.ks_2samp(np.log(squares.mean(axis=1)), exact).pvalue < ALPHA


@pytest.mark.slow
@pytest.mark.parametrize("samples", [2, 10, 60])
def test_the_variance_of_wide_networks_is_the_first_order_one(samples):
    """N = 400, layers 0, 1, 4 and 12; relative slack 5l/N + 10/N for the next order."""
    width, layers, networks = 400, 13, 1000 if samples == 60 else 3000
    m2, v2 = sample_statistics(width, layers, samples, networks, stream("variance", samples))
    logs = (m2 + v2).log().numpy()
    expected = first_order_variance(layers, samples) / width
    for layer in (0, 1, 4, 12):
        slack = (5 * layer + 10) / width
        found, n = logs[:, layer].var(ddof=1), len(logs)
        reach = Z * math.sqrt(2 / n) * expected[layer] * 1.2 + slack * expected[layer]
        assert abs(found - expected[layer]) < reach
        mean_reach = Z * math.sqrt(expected[layer] / n) + slack * expected[layer]
        assert abs(logs[:, layer].mean() + expected[layer] / 2) < mean_reach


def test_many_inputs_lag_behind_one_input_by_a_constant():
    """Σ (5 − g(c_j)) converges: N Var log σ² grows by 5 a layer in the end."""
    many = first_order_variance(20_000, None)
    assert many[-1] - many[-2] == pytest.approx(5, abs=1e-3)
    lag = 5 * np.arange(20_000) - many
    assert lag[-1] - lag[9999] < 0.05 * lag[-1]
    assert np.all(many[1:] < 5 * np.arange(1, 20_000) + 2)


@pytest.mark.parametrize("samples", [2, 30])
def test_the_logarithm_of_many_inputs_lies_between_that_of_one_and_zero(samples):
    """N = 30, layer 20, 3000 networks; clearly apart from both."""
    m2, v2 = sample_statistics(30, 21, samples, 3000, stream("between", samples))
    logs = (m2 + v2)[:, 20].log().numpy()
    low = one_input_log_mean(30, 21)[20]
    assert low + Z * stats.sem(logs) < logs.mean() < -Z * stats.sem(logs)
