"""The change to first order in α², weights correlated between layers, against networks.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
from scipy import stats
from streams import levels

from deepinit.noise.fractional_theory import generated_covariance, noise_covariance
from deepinit.random import RandomStream
from deepinit.resnet.fractional_weights_theory import first_order_contour, first_order_sums
from deepinit.resnet.ratios import fractional_weights
from deepinit.seeds import seed_sequence

_, Z = levels(16)


@pytest.mark.parametrize("generator", ["exact", "released"])
@pytest.mark.parametrize("hurst", [0.2, 0.5, 0.75, 0.97])
def test_the_mean_squared_changes_of_small_steps_are_the_first_order_sums(hurst, generator):
    """L = 60, β = 2.5, d = 6, 1200 draws of weights, one input each.

    E‖change‖²/α² is off by a share of order α² S, below .04 % here.
    """
    depth, width, beta, draws = 60, 6, 2.5, 1200
    seeds = seed_sequence(78, "first order", hurst, generator)
    found = fractional_weights(
        depth, width, hurst, [beta], draws, 1, RandomStream(seeds), inputs="uniform",
        generator=generator,
    )  # fmt: skip
    expected = first_order_sums(generated_covariance(hurst, depth, generator), width)
    alpha = depth**-beta
    for logs, value in zip(
        (found.log_output_change, found.log_gradient_change), expected, strict=True
    ):
        squares = np.exp(2 * logs.numpy().ravel()) / (alpha**2 * value)
        assert alpha**2 * value < 4e-4
        assert abs(squares.mean() - 1) < Z * stats.sem(squares) + 4e-4


def test_independent_layers_add_up_to_half_of_the_depth():
    assert first_order_sums(noise_covariance(0.5, 1000), 40) == pytest.approx((500, 500))
    expected = 0.5 * math.log(500 / math.log(2)) / math.log(1000)
    assert first_order_contour(noise_covariance(0.5, 1000), 40) == pytest.approx((expected,) * 2)


def test_weights_that_never_change_add_up_like_the_square_of_the_depth():
    """c(t) = 1: change α L V ReLU(W h), of mean square α² L²/2, and the same for gradients."""
    assert first_order_sums(np.ones(50), 7) == pytest.approx((1250, 1250))


@pytest.mark.parametrize("hurst", [0.7, 0.85])
def test_gradients_of_wide_networks_grow_more_slowly_with_depth_than_outputs(hurst):
    """Local power of L at L = 2¹⁷: 2H for outputs, max(1, 4H − 2) for gradients at d → ∞.

    Corrections fall like L^{−(2H − 1)} and L^{−|4H − 3|} relative: a tenth or so.
    """
    depths = 2**16, 2**17
    sums = np.array([first_order_sums(noise_covariance(hurst, depth), 10**9) for depth in depths])
    output, gradient = np.log2(sums[1] / sums[0])
    assert output == pytest.approx(2 * hurst, abs=0.05)
    assert gradient == pytest.approx(max(1, 4 * hurst - 2), abs=0.12)


def test_other_values_of_beta_leave_weights_and_inputs_as_they_are():
    """Grids of one length: a β at the same place has the same numbers, whatever stands beside it."""
    one, other = (
        fractional_weights(
            40, 6, 0.7, betas, 2, 3, RandomStream(seed_sequence(78, "grid")), inputs="uniform"
        )
        for betas in ([0.2, 0.5, 1.3], [9 / 49, 0.5, 64 / 49])
    )
    for name in ("log_output_change", "log_gradient_change"):
        first, second = getattr(one, name), getattr(other, name)
        assert (first[:, 1] == second[:, 1]).all() and (first[:, 0] != second[:, 0]).all()
