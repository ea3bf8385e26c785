"""The reference way and the fast functions compute the same thing.

Same law where both draw (two-sample Kolmogorov–Smirnov), same numbers where both are given the same
weights. Seeds are fixed; the statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
import torch
from scipy import linalg, stats
from streams import levels, streams

from deepinit.dense.empirical_variance import log_lengths
from deepinit.meanfield.sample_variance import sample_statistics
from deepinit.noise.fractional_theory import noise_covariance
from deepinit.noise.smooth import PUBLISHED_VARIANCE, kernel
from deepinit.reference import fully_connected
from deepinit.reference.noise import fractional_paths, smooth_paths
from deepinit.reference.residual_network import ResidualNetwork, independent_network
from deepinit.resnet.ratios import (
    INPUT_DIMENSION,
    backpropagate,
    compare,
    independent_weights,
    propagate,
)

ALPHA, _ = levels(2 * 4 + 2 + 2 + 3 + 2 * 3)
stream = streams(61, "test_plain")


def same_law(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Return whether two samples may have one law."""
    return stats.ks_2samp(ours, theirs).pvalue > ALPHA


@pytest.mark.parametrize("alpha", [0.03, 0.5])
def test_ratios_are_those_of_modules_and_autograd_with_the_same_weights(alpha):
    """In float64."""
    depth, width = 30, 10
    source = stream("same weights")
    v, w = (source.normal(depth, width, width).double() / width**0.5 for _ in range(2))
    first, last = source.normal(width, INPUT_DIMENSION).double(), source.normal(1, width).double()
    x = source.uniform(1, INPUT_DIMENSION).double()
    start, top = (x @ first.T).view(1, 1, width), last.view(1, 1, width)
    active = torch.empty(depth, 1, 1, width, dtype=torch.bool)

    def layer(k: int) -> tuple[torch.Tensor, torch.Tensor]:
        return v[k : k + 1].mT, w[k : k + 1].mT

    end = propagate(start, layer, alpha, depth, active)
    back = backpropagate(top, layer, alpha, active)
    found = [math.exp(value) for value in (*compare(end, start), *compare(back, top))]
    assert found == pytest.approx(ResidualNetwork(w, v, first, last, alpha).ratios(x), rel=1e-9)


@pytest.mark.parametrize("law", ["gaussian", "uniform"])
def test_plain_networks_have_the_law_of_the_fast_ones(law):
    depth, width, networks = 6, 8, 600
    torch.manual_seed(1)
    plain = np.log(
        [
            independent_network(depth, width, 0.5, law).ratios(torch.rand(1, INPUT_DIMENSION))
            for _ in range(networks)
        ]
    )
    ours = independent_weights(depth, width, 0.5, 4000, stream(law), law=law, inputs="uniform")
    columns = (
        ours.log_output_norm,
        ours.log_output_change,
        ours.log_gradient_norm,
        ours.log_gradient_change,
    )
    for fast, slow in zip(columns, plain.T, strict=True):
        assert same_law(fast.numpy().ravel(), slow)


@pytest.mark.parametrize("hurst", [0.2, 0.8])
def test_plain_fractional_paths_have_the_exact_law(hurst):
    """Whitened by the exact covariance, all values are independent N(0, 1)."""
    white = np.linalg.cholesky(linalg.toeplitz(noise_covariance(hurst, 32)))
    paths = fractional_paths(hurst, 32, 400, np.random.default_rng(3))
    assert stats.kstest(np.linalg.solve(white, paths).ravel(), stats.norm.cdf).pvalue > ALPHA


def test_plain_smooth_paths_have_the_kernel_as_their_covariance():
    points = np.array([0.0, 0.13, 0.4, 0.77, 1.0])
    paths = smooth_paths(points, PUBLISHED_VARIANCE, 4000, np.random.default_rng(4))
    white = np.linalg.solve(np.linalg.cholesky(kernel(points, points)), paths)
    assert stats.kstest(white.ravel(), stats.norm.cdf).pvalue > ALPHA
    products = white @ white.T / 4000
    error = np.sqrt((1 + np.eye(5)) / 4000)
    assert (np.abs(products - np.eye(5)) < stats.norm.isf(ALPHA / 50) * error).all()


def test_lengths_of_plain_networks_have_the_law_of_those_without_weights():
    widths = [12] * 9
    torch.manual_seed(2)
    with np.errstate(divide="ignore"):
        plain = np.log([fully_connected.squared_lengths(widths, 12) for _ in range(1500)])
    fast = log_lengths(widths, 4000, stream("lengths").numpy)
    for layer in (0, 4, 8):
        assert same_law(fast[:, layer], plain[:, layer])


def test_sample_statistics_of_plain_networks_have_the_law_of_the_fast_ones():
    torch.manual_seed(3)
    plain = np.array([fully_connected.sample_statistics(16, 6, 20) for _ in range(1500)])
    fast = tuple(sample_statistics(16, 6, 20, 4000, stream("variance")))
    for which in (0, 1):
        for layer in (0, 2, 5):
            assert same_law(fast[which][:, layer].numpy(), plain[:, which, layer])
