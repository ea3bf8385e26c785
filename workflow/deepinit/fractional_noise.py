"""Draws of fractional Gaussian noise; its law, and how it is drawn, is `deepinit.theory.fractional_noise`."""

import torch

from deepinit.random_stream import RandomStream
from deepinit.theory.fractional_noise import Generator, embedding_eigenvalues


def fractional_noise(
    hurst: float, length: int, paths: int, stream: RandomStream, generator: Generator = "exact"
) -> torch.Tensor:
    """Return fractional Gaussian noise, float32, shape (length, paths).

    The layer index comes first, so that the weights of one layer lie side by side.

    Args:
        generator: "exact", of unit variance; or "released", the law of the released code.
    """
    size = 2 * length
    eigenvalues = embedding_eigenvalues(hurst, length, generator)
    amplitude = torch.from_numpy(eigenvalues / size).to(stream.device).sqrt().to(torch.float32)
    amplitude[1:-1] *= 0.5**0.5
    spectrum = torch.view_as_complex(stream.normal(paths, length + 1, 2))
    # The frequencies 0 and n have a real coefficient; `irfft` ignores their imaginary part.
    spectrum *= amplitude
    path = torch.fft.irfft(spectrum, n=size, dim=1, norm="forward")
    return path[:, :length].T.contiguous()
