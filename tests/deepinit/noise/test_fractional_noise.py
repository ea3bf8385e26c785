"""Fractional Gaussian noise has exactly the covariance of fractional Brownian increments.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
import torch
from scipy import linalg
from streams import levels, streams

from deepinit.noise.fractional import fractional_noise
from deepinit.noise.fractional_theory import (
    embedding_eigenvalues,
    generated_covariance,
    noise_covariance,
)
from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence

HURSTS = [0.05, 0.2, 0.5, 0.8, 0.9, 0.97]
_, Z = levels(1)
stream = streams(75, "test_fractional_noise")


class UnitVectors(RandomStream):
    """A stream whose "normal numbers" are the unit vectors, one per path."""

    def __init__(self) -> None:
        super().__init__(seed_sequence(0))

    def normal(self, *shape: int) -> torch.Tensor:
        """Return the identity matrix in the given shape."""
        return torch.eye(shape[0]).view(*shape)


@pytest.mark.parametrize(
    ("hurst", "lag_one"), [(0.2, -0.34), (0.5, 0.0), (0.8, 0.516), (0.9, 0.741), (0.97, 0.919)]
)
def test_the_covariance_has_the_published_values(hurst, lag_one):
    covariance = noise_covariance(hurst, 2)
    assert covariance[0] == 1
    assert covariance[1] == pytest.approx(lag_one, abs=0.5e-3)


@pytest.mark.parametrize("hurst", HURSTS)
def test_sums_of_the_noise_are_fractional_brownian_motion(hurst):
    """Var(X_1 + … + X_n) = n^{2H} and Cov(B_s, B_t) = (s^{2H} + t^{2H} − |t − s|^{2H})/2."""
    n = 300
    matrix = linalg.toeplitz(noise_covariance(hurst, n))
    motion = np.cumsum(np.cumsum(matrix, axis=0), axis=1)
    t = np.arange(1.0, n + 1) ** (2 * hurst)
    gap = np.abs(np.subtract.outer(np.arange(n), np.arange(n))).astype(float) ** (2 * hurst)
    np.testing.assert_allclose(motion, (t[:, None] + t - gap) / 2, rtol=1e-9, atol=1e-9)


def test_half_is_white():
    assert np.array_equal(noise_covariance(0.5, 50), np.eye(50)[0])


@pytest.mark.rounding
@pytest.mark.parametrize("length", [1, 2, 3, 64, 151])
@pytest.mark.parametrize("hurst", HURSTS)
def test_the_generator_is_a_linear_map_with_exactly_this_covariance(hurst, length):
    """No sampling: unit vectors in place of normal numbers give the map T, and T Tᵀ = γ(i − j).

    float32: an entry of T Tᵀ is a sum of products of rows of unit length, each rounded about
    log₂(2n) times in the FFT.
    """
    rows = fractional_noise(hurst, length, 2 * (length + 1), UnitVectors()).double().numpy()
    assert rows.shape == (length, 2 * (length + 1))
    error = np.abs(rows @ rows.T - linalg.toeplitz(noise_covariance(hurst, length)))
    assert error.max() < 2 * (2 + math.log2(2 * length)) * 2**-23


def test_paths_are_independent():
    """Neighbouring paths, H = .9: n = 3000 pairs of time averages are uncorrelated."""
    noise = fractional_noise(0.9, 64, 6000, stream("paths")).mean(dim=0).numpy()
    assert abs(np.corrcoef(noise[::2], noise[1::2])[0, 1]) * math.sqrt(3000) < Z


@pytest.mark.parametrize("length", [1, 2, 17, 1000])
def test_the_circulant_embedding_is_non_negative_for_every_index(length):
    """Eigenvalues before clipping, on a fine grid: none below the rounding of the FFT."""
    for hurst in np.linspace(0.01, 0.99, 99):
        half = noise_covariance(hurst, length + 1)
        matrix_row = np.concatenate([half, half[-2:0:-1]])
        raw = np.fft.fft(matrix_row).real[: length + 1]
        assert raw.min() > -1e-12 * np.abs(matrix_row).sum()
        eigenvalues = embedding_eigenvalues(hurst, length)
        assert eigenvalues.shape == (length + 1,) and eigenvalues.min() >= 0
        assert np.abs(eigenvalues - raw).max() < 1e-12 * np.abs(matrix_row).sum()


# ---- the released generator


@pytest.mark.parametrize("length", [1, 2, 3, 64, 1000])
@pytest.mark.parametrize("hurst", HURSTS)
def test_the_covariance_of_the_released_noise_is_the_stated_formula(hurst, length):
    """γ(t) + (−1)^t (λ′_0 − λ′_n)/(2n) + (1/2n) Σ_k max((−1)^k γ(n) − λ_k, 0) cos(πkt/n)."""
    gamma = noise_covariance(hurst, length + 1)
    t, k = np.arange(length), np.arange(2 * length)
    cosine = np.cos(np.pi * np.outer(t, k) / length)
    exact = np.fft.fft(np.concatenate([gamma, gamma[-2:0:-1]])).real
    raw = exact - (-1.0) ** k * gamma[length]
    eigenvalues = np.maximum(raw, 0)
    expected = (
        gamma[:length]
        + (-1.0) ** t * (eigenvalues[0] - eigenvalues[length]) / (2 * length)
        + cosine @ np.maximum(-raw, 0) / (2 * length)
    )
    found = generated_covariance(hurst, length, "released")
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(
        generated_covariance(hurst, length), gamma[:length], rtol=1e-9, atol=1e-11
    )


@pytest.mark.parametrize(
    ("hurst", "variance", "lag_one"),
    [(0.7, 1.01, 0.31), (0.8, 1.05, 0.44), (0.9, 1.23, 0.42), (0.97, 1.85, 0.12)],
)
def test_the_released_noise_has_the_stated_variance_and_correlation(hurst, variance, lag_one):
    found = generated_covariance(hurst, 1000, "released")
    assert found[0] == pytest.approx(variance, abs=0.005)
    assert found[1] / found[0] == pytest.approx(lag_one, abs=0.005)


@pytest.mark.rounding
@pytest.mark.parametrize("length", [2, 3, 64])
@pytest.mark.parametrize("hurst", HURSTS)
def test_released_noise_is_a_linear_map_with_exactly_its_covariance(hurst, length):
    """As for the exact noise; a row has the length of the largest standard deviation."""
    rows = fractional_noise(hurst, length, 2 * (length + 1), UnitVectors(), "released")
    rows = rows.double().numpy()
    covariance = generated_covariance(hurst, length, "released")
    error = np.abs(rows @ rows.T - linalg.toeplitz(covariance))
    assert error.max() < 2 * (2 + math.log2(2 * length)) * 2**-23 * covariance[0]


@pytest.mark.parametrize("hurst", [0.3, 0.8, 0.9, 0.97])
def test_released_noise_has_the_covariance_of_the_real_part_of_complex_paths(hurst):
    """The same steps with complex square roots and nothing set to zero, as a linear map of unit vectors."""
    n = 60
    gamma = noise_covariance(hurst, n)
    raw = np.fft.fft(np.concatenate([gamma, [0], gamma[:0:-1]])).real.astype(complex)
    raw[n] = raw[0]
    numbers = np.eye(2 * (n + 1)).reshape(-1, 2, n + 1)
    spectrum = np.zeros((len(numbers), 2 * n), dtype=complex)
    spectrum[:, [0, n]] = numbers[:, 0, [0, n]]
    half = (numbers[:, 0, 1:n] + 1j * numbers[:, 1, 1:n]) / math.sqrt(2)
    spectrum[:, 1:n], spectrum[:, :n:-1] = half, half.conj()
    paths = np.fft.fft(spectrum * np.sqrt(raw / (2 * n)), axis=1)[:, :n].T
    assert (np.abs(paths.imag).max() > 1e-6) == (hurst > 0.85)
    covariance = linalg.toeplitz(generated_covariance(hurst, n, "released"))
    np.testing.assert_allclose(paths.real @ paths.real.T, covariance, rtol=0, atol=1e-12)
