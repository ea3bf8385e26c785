"""Fractional Gaussian noise: the stationary increments of fractional Brownian motion.

For Hurst index H the increments of unit variance have the covariance

    γ(k) = ½ (|k + 1|^{2H} − 2 |k|^{2H} + |k − 1|^{2H}).

Paths are drawn exactly by circulant embedding (Davies & Harte 1987): the circulant matrix of
size 2n with first row γ(0) … γ(n) γ(n−1) … γ(1) has non-negative eigenvalues for every H
in (0, 1), so one FFT of weighted normal numbers gives a path with exactly this covariance.
γ(n) has to stand in the middle of the row. The variance is one and the
covariance exact for every H in (0, 1), up to float32 rounding.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from deepinit.random_stream import RandomStream


def noise_covariance(hurst: float, lags: int) -> NDArray[np.float64]:
    """Return γ(0) … γ(lags − 1), shape (lags,).

    Raises:
        ValueError: the Hurst index lies outside (0, 1).
    """
    if not 0 < hurst < 1:
        raise ValueError(f"the Hurst index must lie strictly between 0 and 1, not {hurst}")
    k = np.arange(lags, dtype=np.float64)
    power = 2 * hurst
    return 0.5 * ((k + 1) ** power - 2 * k**power + np.abs(k - 1) ** power)


def embedding_eigenvalues(hurst: float, length: int) -> NDArray[np.float64]:
    """Return the length + 1 distinct eigenvalues of the circulant matrix of size 2 · length.

    Rounding may leave an eigenvalue that is zero in theory a little below it; such values are
    set to zero.

    Raises:
        ArithmeticError: an eigenvalue is negative beyond rounding.
    """
    half = noise_covariance(hurst, length + 1)
    row = np.concatenate([half, half[-2:0:-1]])
    eigenvalues = np.fft.rfft(row).real
    if eigenvalues.min() < -1e-9 * eigenvalues.max():
        raise ArithmeticError(f"the circulant embedding is not positive for H = {hurst}")
    return np.maximum(eigenvalues, 0)


def fractional_noise(hurst: float, length: int, paths: int, stream: RandomStream) -> torch.Tensor:
    """Return exact fractional Gaussian noise, float32, shape (length, paths), unit variance.

    The layer index comes first, so that the weights of one layer lie side by side.
    """
    size = 2 * length
    eigenvalues = torch.from_numpy(embedding_eigenvalues(hurst, length)).to(stream.device)
    amplitude = (eigenvalues / size).sqrt().to(torch.float32)
    amplitude[1:-1] *= 0.5**0.5
    spectrum = torch.view_as_complex(stream.normal(paths, length + 1, 2))
    # The frequencies 0 and n have a real coefficient; `irfft` ignores their imaginary part.
    spectrum *= amplitude
    path = torch.fft.irfft(spectrum, n=size, dim=1, norm="forward")
    return path[:, :length].T.contiguous()
