"""Gaussian processes over depth, path by path or from the dense covariance, as the released code draws them.

Fractional Gaussian noise comes by circulant embedding (Davies & Harte 1987), one path at a time, its random
numbers drawn frequency by frequency in a Python loop, as the released code of Marion et al. (2025) draws
them; the circulant row is the exact one. The law is that of `deepinit.noise.fractional_theory`.

Smooth paths, whose covariance is that of `deepinit.noise.smooth`, come from the dense covariance matrix of
all their points. NumPy's sampler factors the matrix by a singular value decomposition, done again at every
call.
"""

import numpy as np
from numpy.typing import NDArray


def fractional_path(
    hurst: float, length: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return one path of fractional Gaussian noise of unit variance, shape (length,)."""
    power = 2 * hurst
    covariance = [
        0.5 * (abs(lag - 1) ** power - 2 * abs(lag) ** power + abs(lag + 1) ** power)
        for lag in range(length + 1)
    ]
    eigenvalues = np.fft.fft(covariance + covariance[-2:0:-1]).real.clip(min=0)
    size = 2 * length
    spectrum = np.zeros(size, dtype=complex)
    spectrum[0] = np.sqrt(eigenvalues[0] / size) * generator.standard_normal()
    spectrum[length] = np.sqrt(eigenvalues[length] / size) * generator.standard_normal()
    for frequency in range(1, length):
        real, imaginary = generator.standard_normal(), generator.standard_normal()
        amplitude = np.sqrt(eigenvalues[frequency] / (2 * size))
        spectrum[frequency] = amplitude * complex(real, imaginary)
        spectrum[size - frequency] = amplitude * complex(real, -imaginary)
    return np.fft.fft(spectrum).real[:length]


def fractional_paths(
    hurst: float, length: int, paths: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return independent paths of fractional Gaussian noise, shape (length, paths)."""
    return np.stack([fractional_path(hurst, length, generator) for _ in range(paths)], axis=1)


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
