"""The basis of smooth weights: its covariance is exact, on any grid."""

import numpy as np
import pytest
from scipy import stats

from deepinit.noise.smooth import kernel, smooth_basis

RESIDUAL = 1e-6


@pytest.mark.parametrize("variance", [1e-3, 1e-2, 1e-1, 1.0])
def test_the_basis_reproduces_the_covariance_everywhere(variance):
    """At 3001 points that are not nodes, ends included: largest error of all covariances."""
    points = np.linspace(0, 1, 3001)
    basis = smooth_basis(points, variance)
    assert np.abs(basis @ basis.T - kernel(points, points, variance)).max() < RESIDUAL
    assert (1 - (basis**2).sum(axis=1)).max() < RESIDUAL


def test_twenty_five_functions_are_enough_at_the_published_length_scale():
    assert smooth_basis(np.array([0.5])).shape == (1, 25)


def test_a_path_is_the_same_on_every_grid_and_in_every_order():
    """Up to rounding: 200 terms of at most 2⁻⁵² each over √λ, which is above 2·10⁻⁴."""
    fine, coarse = np.linspace(0, 1, 1001), np.linspace(0, 1, 11)
    basis = smooth_basis(fine)
    assert np.allclose(basis[::100], smooth_basis(coarse), rtol=0, atol=2e-10)
    assert np.allclose(basis[::-1], smooth_basis(fine[::-1]), rtol=0, atol=2e-10)


def test_paths_have_the_kernel_as_their_covariance():
    """Cholesky-whitened values at five points are independent N(0, 1); n = 4000, level 1e-6."""
    points = np.array([0.0, 0.13, 0.4, 0.77, 1.0])
    basis = smooth_basis(points)
    paths = basis @ np.random.default_rng(11).standard_normal((basis.shape[1], 4000))
    white = np.linalg.solve(np.linalg.cholesky(kernel(points, points)), paths)
    assert stats.kstest(white.ravel(), stats.norm.cdf).pvalue > 1e-6
    products = white @ white.T / 4000
    # A mean of products has the variance 1/n off the diagonal, 2/n on it.
    error = np.sqrt((1 + np.eye(5)) / 4000)
    assert (np.abs(products - np.eye(5)) < stats.norm.isf(0.5e-6 / 15) * error).all()
