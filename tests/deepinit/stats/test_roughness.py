"""The estimated Hurst index of paths whose index is known."""

import numpy as np
import pytest
from streams import levels, reach, streams

from deepinit.noise.fractional import fractional_noise
from deepinit.resnet.smooth_weights import smooth_layers
from deepinit.stats.roughness import hurst_index, second_order_variations

ALPHA, _ = levels(10)
LAGS = np.array([1, 2])
stream = streams(5, "test_roughness")


def estimates(paths: np.ndarray, lags: np.ndarray = LAGS) -> np.ndarray:
    """Return one estimate a path."""
    return np.array([hurst_index(second_order_variations(path, lags), lags) for path in paths.T])


@pytest.mark.parametrize("hurst", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("lags", [(1, 2), (2, 8)])
def test_it_is_that_of_exact_fractional_brownian_motion(hurst, lags):
    # 100 paths of 2000 steps; false alarm 1e-4 in all ten cases together. The ratio of two means has a
    # bias of less than a hundredth.
    paths = fractional_noise(hurst, 2000, 100, stream(hurst)).double().numpy().cumsum(axis=0)
    found = estimates(paths, np.array(lags))
    assert abs(found.mean() - hurst) < reach(found, ALPHA) + 0.005


def test_variations_of_fractional_brownian_motion_are_those_of_theory():
    # E S(l) = (4 − 2^{2H}) l^{2H}; relative standard error below 1 % at each lag.
    hurst, lags = 0.3, np.array([1, 2, 4, 8])
    paths = fractional_noise(hurst, 4000, 200, stream("theory")).double().numpy().cumsum(axis=0)
    expected = (4 - 2 ** (2 * hurst)) * lags ** (2 * hurst)
    assert second_order_variations(paths, lags) == pytest.approx(expected, rel=0.03)


def test_independent_values_have_none():
    # 200 paths of 1000 values: standard error of the mean about 0.002.
    values = stream("noise").numpy.standard_normal((1000, 200))
    assert abs(estimates(values).mean()) < 0.01
    assert second_order_variations(values, LAGS) == pytest.approx([6, 6], rel=0.03)


def test_smooth_paths_reach_the_order_of_the_differences():
    paths = smooth_layers(1000, 1, 5, "process", stream("smooth")).reshape(1000, 25)
    # Each path: the curvature changes on the scale of 1/10, a hundred steps.
    assert estimates(paths.numpy()) == pytest.approx(2, abs=0.01)


def test_a_kink_lies_between():
    # |x| has one kink, which 2l of the n − 2l differences see: S(l) ∝ l³/(n − 2l), Ĥ → 3/2.
    kinked, lags = np.abs(np.arange(1001) - 500.0), np.array([16, 32])
    fine, coarse = second_order_variations(kinked, lags)
    assert coarse / fine == pytest.approx(8 * (1001 - 32) / (1001 - 64), rel=0.01)
    assert hurst_index([fine, coarse], lags) == pytest.approx(1.5, abs=0.03)


def test_a_line_has_none():
    assert np.isnan(hurst_index(second_order_variations(np.arange(9.0), LAGS), LAGS))
