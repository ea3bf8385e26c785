"""Smooth Gaussian paths from the dense covariance matrix of all their points.

The covariance is that of `deepinit.noise.smooth`. NumPy's sampler factors the matrix by a
singular value decomposition, done again at every call.
"""

import numpy as np
from numpy.typing import NDArray


def smooth_paths(
    points: NDArray[np.float64], variance: float, paths: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return paths of the process with the kernel exp(−(x − x′)²/(2 v)), shape (points, paths).

    Args:
        points: where the process is read, shape (points,).
        variance: v.
    """
    covariance = np.exp(-(np.subtract.outer(points, points) ** 2) / (2 * variance))
    return generator.multivariate_normal(np.zeros(len(points)), covariance, paths).T
