"""Residual networks at initialisation: the limit at β = ½, fractional weights.

Seeds and the false-alarm rate of statistical tests are those of `residual_samples`.
"""

import math

import numpy as np
import pytest
from residual_samples import ALPHA, Z, gaussian_second_moment, numpy, ratios, stream
from scipy import stats

from deepinit.resnet.finite_depth import log_ratio_cumulants
from deepinit.resnet.ratios import fractional_weights
from deepinit.resnet.ratios_theory import critical_beta, log_mean_squared_growth, log_normal_limit


@pytest.mark.parametrize("width", [3, 10, pytest.param(100, marks=pytest.mark.slow)])
def test_the_logarithm_is_normal_with_the_stated_mean_and_variance_at_any_width(width):
    """L = 1000, n = 2000: mean, variance and Kolmogorov–Smirnov; the limit is exact in d.

    The mean is that to first order in 1/L; the variance is off by a relative O(1/L).
    """
    logs = numpy(ratios("reduced", 1000, width, 0.5, 2000).log_output_norm)
    limit = log_normal_limit(width)
    centred = logs - log_ratio_cumulants(1000, width).mean
    assert abs(centred.mean()) < Z * limit.deviation / math.sqrt(len(logs))
    relative = (centred / limit.deviation) ** 2
    assert abs(relative.mean() - 1) < Z * math.sqrt(2 / len(logs)) + 1 / 1000
    assert stats.kstest(centred / limit.deviation, stats.norm.cdf).pvalue > ALPHA


def test_white_fractional_weights_are_independent_gaussian_ones():
    """H = ½: exact mean forward and backward for every β of a draw; 3000 draws, one input each."""
    betas, depth, width, draws = [0.5, 1.0, 0.75], 12, 5, 3000
    found = fractional_weights(
        depth, width, 0.5, betas, draws, 1, stream("white"), inputs="uniform"
    )
    for values in (found.log_output_norm, found.log_gradient_norm):
        assert values.shape == (draws, 3, 1)
        for k, beta in enumerate(betas):
            expected = math.exp(log_mean_squared_growth(depth, beta))
            variance = gaussian_second_moment(depth, width, beta) - expected**2
            mean = np.exp(2 * values[:, k, 0].numpy()).mean()
            assert abs(mean - expected) < Z * math.sqrt(variance / draws)


def test_inputs_of_one_draw_share_its_weights_and_draws_do_not():
    """One layer, α = 1, d = 8: the size of the weights is common to a draw's inputs.

    Correlation over 500 draws of log-changes: of two inputs clearly positive (inputs in [0, 1)
    are nearly parallel), of neighbouring draws zero.
    """
    found = fractional_weights(1, 8, 0.7, [0.0], 500, 2, stream("shared"), inputs="uniform")
    change = found.log_output_norm[:, 0].numpy()
    assert np.corrcoef(change[:, 0], change[:, 1])[0, 1] * math.sqrt(500) > Z
    assert abs(np.corrcoef(change[:-1, 0], change[1:, 1])[0, 1]) * math.sqrt(499) < Z


@pytest.mark.parametrize("hurst", [0.2, 0.5, 0.8])
def test_the_critical_exponent_divides_growth_from_decay(hurst):
    """Log-change from L = 25 to 600, d = 8, 150 draws: falls ¼ above the exponent, rises ¼ below."""
    critical = critical_beta(hurst)
    assert critical == max(0.5, hurst)
    betas = [critical - 0.25, critical + 0.25]
    short, deep = (
        fractional_weights(
            depth, 8, hurst, betas, 150, 1, stream("critical", hurst, depth), inputs="gaussian"
        )
        for depth in (25, 600)
    )
    for name in ("log_output_change", "log_gradient_change"):
        first, second = getattr(short, name)[..., 0].numpy(), getattr(deep, name)[..., 0].numpy()
        rise = (second.mean(axis=0) - first.mean(axis=0)) / np.hypot(
            stats.sem(first), stats.sem(second)
        )
        assert rise[0] > Z and rise[1] < -Z
