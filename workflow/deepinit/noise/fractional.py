"""Draws of fractional Gaussian noise; its law, and how it is drawn, is `deepinit.noise.fractional_theory`."""

import torch

from deepinit.noise.fractional_theory import Generator, embedding_eigenvalues
from deepinit.random import as_stream
from deepinit.seeds import Randomness

# Paths are made so many numbers at a time: on the CPU in the processor's cache, twice as fast.
_NUMBERS_AT_ONCE = {"cpu": 1 << 17}


def fractional_noise(
    hurst: float, length: int, paths: int, seed: Randomness, generator: Generator = "exact"
) -> torch.Tensor:
    """Return fractional Gaussian noise, float32, shape (length, paths).

    The layer index comes first, so that the weights of one layer lie side by side.

    Args:
        generator: "exact", of unit variance; or "released", the law of the released code.
    """
    stream, size = as_stream(seed), 2 * length
    eigenvalues = embedding_eigenvalues(hurst, length, generator)
    amplitude = torch.from_numpy(eigenvalues / size).to(stream.device).sqrt().to(torch.float32)
    amplitude[1:-1] *= 0.5**0.5
    limit = _NUMBERS_AT_ONCE.get(stream.device.type, 1 << 27)
    # Multiples of 16, so that the numbers are those of all paths drawn at once.
    block = max(16, limit // (2 * (length + 1)) // 16 * 16)
    noise = torch.empty(length, paths, device=stream.device)
    for first in range(0, paths, block):
        part = noise[:, first : first + block]
        spectrum = torch.view_as_complex(stream.normal(part.shape[1], length + 1, 2))
        # The frequencies 0 and n have a real coefficient; `irfft` ignores their imaginary part.
        spectrum *= amplitude
        path = torch.fft.irfft(spectrum, n=size, dim=1, norm="forward")
        part.copy_(path[:, :length].T)
    return noise
