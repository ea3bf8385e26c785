"""Residual networks at initialisation: exact moments and exact law.

With Gaussian iid weights one layer multiplies ‖h‖² by an independent factor (r ~ χ²_K/d with
K ~ Binomial(d, ½) is the share that ReLU lets pass, the vector V u has d normal entries)

    F = (1 + α √(r/d) g)² + α² r χ²_{d−1}/d,   E F = 1 + α²/2,
    E F² = 1 + α² + 2α²/d + α⁴ (1 + 2/d)(1 + 5/d)/4.

Gradients have the same law: p_{k+1} is independent of h_{k+1}, because the signs of V make
Wᵀ(1[Wh > 0] ∘ Vᵀp) normal whatever h. Uniform weights have the same mean; their second moment
is at most this one (their kurtosis is below 3). Seeds and the false-alarm rate of statistical tests
are those of `residual_samples`.
"""

import math

import numpy as np
import pytest
import torch
from residual_samples import ALPHA, SAMPLERS, Z, gaussian_second_moment, numpy, ratios, stream
from rounding import sum_rounding
from scipy import stats

from deepinit.resnet.ratios_theory import log_mean_squared_growth, mean_squared_change_bounds
from deepinit.resnet.ratios_without_weights import _conditioned


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("width", "depth", "beta", "networks"),
    [(10, 1, 0.5, 4000), (10, 20, 0.5, 4000), (10, 60, 0.75, 3000), (40, 20, 0.5, 1000)],
)
def test_the_mean_squared_growth_is_exact_at_any_width(sampler, width, depth, beta, networks):
    """Forward and backward, and the change attains the lower of the paper's two bounds."""
    found = ratios(sampler, depth, width, beta, networks)
    expected = math.exp(log_mean_squared_growth(depth, beta))
    error = math.sqrt((gaussian_second_moment(depth, width, beta) - expected**2) / networks)
    lower, upper = mean_squared_change_bounds(depth, beta)
    assert lower == pytest.approx(expected - 1, rel=1e-12)
    for norm, change in (
        (found.log_output_norm, found.log_output_change),
        (found.log_gradient_norm, found.log_gradient_change),
    ):
        assert norm.shape == change.shape == (networks,) and norm.dtype == torch.float64
        assert abs(np.exp(2 * numpy(norm)).mean() - expected) < Z * error
        squares = np.exp(2 * numpy(change))
        assert abs(squares.mean() - lower) < Z * stats.sem(squares)
        assert squares.mean() + Z * stats.sem(squares) < upper


@pytest.mark.parametrize(
    ("width", "depth", "beta"),
    [(2, 1, 0.5), (2, 6, 0.5), (3, 20, 0.25), (10, 30, 0.5), (10, 8, 0.0)],
)
def test_the_reduced_sampler_has_the_joint_law_of_explicit_weights(width, depth, beta):
    """Two-sample Kolmogorov–Smirnov, n = 5000 each, on functions of all four ratios."""
    samples = []
    for sampler in ("gaussian", "reduced"):
        found = ratios(sampler, depth, width, beta, 5000)
        h, p = numpy(found.log_output_norm), numpy(found.log_gradient_norm)
        moved = np.exp(numpy(found.log_output_change)), np.exp(numpy(found.log_gradient_change))
        pairs = h + p, h - p, np.maximum(h, p), np.minimum(h, p)
        samples.append((*pairs, *moved, moved[0] * moved[1]))
    for explicit, reduced in zip(*samples, strict=True):
        assert stats.ks_2samp(explicit, reduced).pvalue > ALPHA


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_dead_layer_passes_neither_outputs_nor_gradients(sampler):
    """One layer of width 2 is dead with probability ¼; binomial test, n = 4000."""
    found = ratios(sampler, 1, 2, 0.5, 4000)
    dead = numpy(found.log_output_change) == -np.inf
    assert np.array_equal(dead, numpy(found.log_gradient_change) == -np.inf)
    assert np.all(numpy(found.log_output_norm)[dead] == 0) and np.all(
        numpy(found.log_gradient_norm)[dead] == 0
    )
    assert stats.binomtest(int(dead.sum()), 4000, 0.25).pvalue > ALPHA


@pytest.mark.rounding
def test_a_conditioned_matrix_remembers_what_it_has_shown_and_is_fresh_elsewhere():
    """(Mᵀp)·x = p·(Mx) exactly; across x the entries are N(0, ‖p‖²/d); n = 5000, d = 7.

    Across means: in a fixed orthonormal frame whose first axis is x.
    """
    source = stream("conditioned")
    known = torch.tensor([2.0, 0, 0, 0, 0, 0, 0]).expand(5000, 7)
    output, vector = source.normal(5000, 7), source.normal(5000, 7)
    result = _conditioned(known, output, vector, source)
    shown = (output.double() * vector).sum(dim=1)
    # Both sides of M p are sums of seven terms, and so is the length of x.
    terms = output * vector, result * known
    allowed = 3 * sum_rounding(7) * sum(each.abs().sum(dim=1) for each in terms)
    assert (((result.double() * known).sum(dim=1) - shown).abs() <= allowed).all()
    fresh = (result[:, 1:] / vector.norm(dim=1, keepdim=True) * 7**0.5).double().numpy()
    assert stats.kstest(fresh.ravel(), stats.norm.cdf).pvalue > ALPHA
    assert abs(np.corrcoef(fresh[:, 0], fresh[:, 1])[0, 1]) * math.sqrt(5000) < Z
