"""The basis of smooth weights: its covariance is exact, on any grid."""

import numpy as np
import pytest

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
