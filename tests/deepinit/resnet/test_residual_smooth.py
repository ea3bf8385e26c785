"""Residual networks with smooth weights: the law of the weights, and the first order in α.

Seeds and the false-alarm rate of statistical tests are those of `residual_samples`.
"""

import math

import numpy as np
import pytest
from residual_samples import ALPHA, Z, numpy, stream
from rounding import sum_rounding
from scipy import stats

from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from deepinit.resnet.smooth_weights import smooth_layers, smooth_weights
from deepinit.resnet.smooth_weights_theory import first_order_mean_squares, layer_correlation

KINDS = ["process", "increments"]


@pytest.mark.parametrize("weights", KINDS)
def test_entries_are_normal_with_the_stated_correlation_of_layers(weights):
    """500 matrices of 10 × 10, L = 12: products of layers, and normality of one layer.

    For "increments" a matrix is divided by its own standard deviation, which moves a product by a
    relative 1/100 or less: allowed for.
    """
    layers = smooth_layers(12, 500, 10, weights, stream("layers", weights)).double()
    flat = layers.reshape(12, -1).numpy()
    rho = layer_correlation(12, weights)
    error = np.sqrt((1 + rho**2) / flat.shape[1])
    slack = 0.01 if weights == "increments" else 0.0
    assert (np.abs(flat @ flat.T / flat.shape[1] - rho) < Z * error + slack).all()
    assert stats.kstest(flat[5], stats.norm.cdf).pvalue > ALPHA


@pytest.mark.rounding
def test_increments_of_each_matrix_have_the_same_mean_deviation_over_layers():
    layers = smooth_layers(9, 4, 6, "increments", stream("deviation"))
    deviation = layers.double().std(dim=(2, 3)).mean(dim=0)
    # Sums over 36 entries for the mean, 36 for the variance, and over 9 layers.
    assert (deviation - 1).abs().max() < sum_rounding(36 + 36 + 9)


def test_matrices_are_independent_of_each_other():
    """Correlation of two matrices' entries, 2000 pairs of numbers, layer by layer."""
    layers = smooth_layers(3, 2, 45, "process", stream("independent")).numpy().reshape(3, 2, -1)
    for first, second in layers:
        assert abs(np.corrcoef(first, second)[0, 1]) * math.sqrt(first.size) < Z


@pytest.mark.parametrize("weights", KINDS)
@pytest.mark.parametrize(("depth", "width"), [(12, 4), (30, 10)])
def test_small_changes_have_the_mean_squares_of_first_order(weights, depth, width):
    """β = 3: α L below 1/100, so what is left out is below 10⁻⁴; n = 3000 networks."""
    found = smooth_weights(
        depth, width, 3.0, 3000, stream("first", weights, depth), weights=weights, inputs="uniform"
    )
    expected = first_order_mean_squares(depth, width, 3.0, weights=weights)
    # The empirical deviation of d² entries is random: E 1/s² exceeds 1 by about 1/(2 d²) a matrix.
    slack = 2 / width**2 if weights == "increments" else 1e-4
    for change, mean in zip(
        (found.log_output_change, found.log_gradient_change), expected, strict=True
    ):
        relative = np.exp(2 * numpy(change)) / mean
        assert abs(relative.mean() - 1) < Z * stats.sem(relative) + slack


def test_one_layer_is_exact_and_the_same_as_with_independent_weights():
    for inside in (False, True):
        for found in first_order_mean_squares(1, 7, 0.5, inside=inside):
            assert found == pytest.approx(mean_squared_change_bounds(1, 0.5)[0], rel=1e-12)


def test_unknown_weights_are_refused_by_the_theory_as_by_the_simulation():
    for unknown in (
        lambda: first_order_mean_squares(5, 3, 1.0, weights="increment"),
        lambda: smooth_layers(5, 1, 3, "increment", stream("unknown")),
    ):
        with pytest.raises(ValueError, match="not 'increment'"):
            unknown()


def test_smooth_weights_move_outputs_more_than_gradients_and_increments_less():
    """At first order, d = 40, L = 100: the order of the curves in the figures."""
    output, gradient = first_order_mean_squares(100, 40, 1.0)
    other_output, other_gradient = first_order_mean_squares(100, 40, 1.0, weights="increments")
    assert output > gradient > other_gradient > other_output


def test_the_published_value_is_that_of_the_process():
    """β = 1: 0.30 is published; the released code's increments give 0.20."""
    process, increments = (
        math.sqrt(first_order_mean_squares(1000, 40, 1.0, weights=weights)[0]) for weights in KINDS
    )
    assert process == pytest.approx(0.30, abs=0.005) and increments == pytest.approx(
        0.20, abs=0.005
    )


@pytest.mark.parametrize(
    ("beta", "behaviour"), [(2.0, "identity"), (1.0, "bounded"), (0.5, "explosion")]
)
def test_the_critical_exponent_of_smooth_weights_is_one(beta, behaviour):
    """Median log-change at L = 20 and 200, d = 8, n = 300: the slope in log L."""
    logs = [
        numpy(
            smooth_weights(
                depth, 8, beta, 300, stream("regime", depth, beta),
                weights="process", inputs="uniform",
            ).log_output_change
        )
        for depth in (20, 200)
    ]  # fmt: skip
    rise = (np.median(logs[1]) - np.median(logs[0])) / math.log(10)
    # The median of n normal numbers of deviation s has a standard error of √(π/2) s/√n.
    error = Z * math.sqrt(math.pi / 2) * math.hypot(*map(stats.sem, logs)) / math.log(10)
    assert {
        "identity": abs(rise + 1) < error,
        "bounded": abs(rise) < error,
        "explosion": rise > 0.5 + error,
    }[behaviour]
