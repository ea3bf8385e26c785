"""Smooth weights: centred Gaussian processes on [0, 1] with a squared-exponential kernel.

    E f(x) f(x′) = exp(−(x − x′)²/(2 v)),    v = 10⁻² in Marion et al. (2025), Figures 4 and 5.

The kernel's eigenvalues fall faster than exponentially, so a few dozen normal numbers make a
path: f(x) = Σ_r φ_r(x) g_r with g_r iid N(0, 1). The basis comes from n nodes X (Nyström):
with k(X, X) = U Λ Uᵀ,

    φ_r(x) = k(x, X) u_r / √λ_r,    Σ_r φ_r(x) φ_r(x′) = k(x, X) k(X, X)⁺ k(X, x′).

What is left out, 1 − Σ_r φ_r(x)², is the variance of f(x) given f at the nodes (and given the
directions of negligible λ_r): below 10⁻⁹ everywhere at the published v. The basis does not depend
on which points are asked for, so the same g_r give the same path on every grid.
"""

import numpy as np
from numpy.typing import NDArray

#: Squared length scale of the kernel, "variance" in the paper; published.
PUBLISHED_VARIANCE = 1e-2
_NODES = 200
# The share of the largest eigenvalue below which directions are left out: float64 keeps them
# exact to about 10⁻¹⁵ of the largest.
_NEGLIGIBLE = 1e-9
_LEFT_OUT = 1e-7


def kernel(
    x: NDArray[np.float64], other: NDArray[np.float64], variance: float = PUBLISHED_VARIANCE
) -> NDArray[np.float64]:
    """Return exp(−(x − x′)²/(2 v)), shape (len(x), len(other)); v = `variance`."""
    return np.exp(-(np.subtract.outer(x, other) ** 2) / (2 * variance))


def smooth_basis(
    points: NDArray[np.float64], variance: float = PUBLISHED_VARIANCE
) -> NDArray[np.float64]:
    """Return φ_r(x) at any points of [0, 1]: an array Φ with Φ Φᵀ = k(points, points).

    Args:
        points: shape (count,), in any order.
        variance: v in the kernel exp(−(x − x′)²/(2 v)), the squared length scale.

    Returns:
        Shape (count, rank); rank 25 at v = 10⁻². `smooth_basis(points) @ g` with standard normal
        g of shape (rank, paths) are paths of the process, consistent between grids.

    Raises:
        ValueError: a point outside [0, 1], or a `variance` too small for the nodes (a length
            scale below about 1/100).
    """
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 1 or ((points < 0) | (points > 1)).any():
        raise ValueError("the points must be a list of numbers between 0 and 1")
    # Chebyshev points: with equal spacing the error would be largest at the two ends.
    nodes = 0.5 - 0.5 * np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    values, vectors = np.linalg.eigh(kernel(nodes, nodes, variance))
    kept = values > _NEGLIGIBLE * values[-1]
    values, vectors = values[kept][::-1], vectors[:, kept][:, ::-1]
    # LAPACK leaves the sign of an eigenvector open; paths must not depend on the library.
    vectors = vectors * np.where(vectors[0] < 0, -1, 1)
    basis = kernel(points, nodes, variance) @ (vectors / np.sqrt(values))
    if (np.abs(1 - (basis**2).sum(axis=1)) > _LEFT_OUT).any():
        raise ValueError(f"the kernel variance {variance} is too small for {_NODES} nodes")
    return basis
