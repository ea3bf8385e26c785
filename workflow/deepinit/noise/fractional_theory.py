"""Fractional Gaussian noise, the stationary increments of fractional Brownian motion: its law.

For Hurst index H the increments of unit variance have the covariance

    γ(k) = ½ (|k + 1|^{2H} − 2 |k|^{2H} + |k − 1|^{2H}).

Paths are drawn exactly by circulant embedding (Davies & Harte 1987): the circulant matrix of
size 2n with first row γ(0) … γ(n) γ(n−1) … γ(1) has non-negative eigenvalues λ_k, k = 0 … n,
for every H in (0, 1), so one FFT of weighted normal numbers gives a path with exactly this
covariance. γ(n) has to stand in the middle of the row. The variance is one and the
covariance exact for every H in (0, 1), up to float32 rounding.

The generator released with Marion et al. (2025) follows the same plan and has another law,
offered here as "released" so that their Figure 7 can be compared with its own weights. Derived
from reading the released code (github.com/PierreMarion23/scaling-resnets,
`utils.generate_fbm`), nothing of which is used here. Three things differ:

* 0 stands in the middle of the row in place of γ(n): its eigenvalues are λ_k − (−1)^k γ(n);
* for H ≳ 0.9 some of these are negative. Their square roots are imaginary, and so is what they
  add to the path. The weights take its real part, as if these eigenvalues were zero;
* frequency n is given the eigenvalue of frequency 0, the largest of all for H > ½ where its own
  is the smallest. This adds (−1)^t times one normal number to the path.

With λ′ the eigenvalues after the first two steps, the released noise has the covariance

    γ(t) + (−1)^t (λ′_0 − λ′_n)/(2n) + (1/2n) Σ_{k≠n} max((−1)^k γ(n) − λ_k, 0) cos(πkt/n),

the sum over k = 0 … 2n − 1.

At n = 1000 its variance is 1.01, 1.05, 1.23, 1.85 and its correlation at lag one .31, .44, .42,
.12 for H = .7, .8, .9, .97 (exact: 1 and .32, .52, .74, .92). `deepinit.noise.fractional` draws both.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Generator = Literal["exact", "released"]


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


def embedding_eigenvalues(
    hurst: float, length: int, generator: Generator = "exact"
) -> NDArray[np.float64]:
    """Return the length + 1 distinct eigenvalues of the circulant matrix of size 2 · length.

    Rounding may leave an eigenvalue that is zero in theory a little below it; such values are
    set to zero. Those of "released" are what the real part of its paths has in place of
    eigenvalues (see above).

    Raises:
        ArithmeticError: an eigenvalue of "exact" is negative beyond rounding.
        ValueError: an unknown generator, or a Hurst index outside (0, 1).
    """
    if generator not in ("exact", "released"):
        raise ValueError(f"the generator must be 'exact' or 'released', not {generator!r}")
    half = noise_covariance(hurst, length + 1)
    if generator == "released":
        half[length] = 0
    row = np.concatenate([half, half[-2:0:-1]])
    eigenvalues = np.fft.rfft(row).real
    if generator == "released":
        eigenvalues[length] = eigenvalues[0]
    elif eigenvalues.min() < -1e-9 * eigenvalues.max():
        raise ArithmeticError(f"the circulant embedding is not positive for H = {hurst}")
    return np.maximum(eigenvalues, 0)


def generated_covariance(
    hurst: float, length: int, generator: Generator = "exact"
) -> NDArray[np.float64]:
    """Return the covariance at lags 0 … length − 1 of what `fractional_noise` draws.

    γ for "exact"; the formula at the top of this module for "released". The noise is stationary
    under both.
    """
    eigenvalues = embedding_eigenvalues(hurst, length, generator)
    return np.fft.irfft(eigenvalues, n=2 * length)[:length]
