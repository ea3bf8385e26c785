"""The whole law of log M_d in Gaussian ReLU networks, by inversion (Hanin & Rolnick 2018, Fig. 1a).

At κ = 1 the layers are independent factors M_{j+1}/M_j = (2/n) χ²_K with K ~ Binomial(n, ½)
(`deepinit.dense.length_moments`). A chi-squared number with k degrees of freedom is 2 Gamma(k/2)
and E Gamma(k/2)^{it} = Γ(k/2 + it)/Γ(k/2), so that, given that the layer is alive (K > 0),

    φ_n(t) = E (M_{j+1}/M_j)^{it} = Σ_{k=1…n} p_k (4/n)^{it} Γ(k/2 + it)/Γ(k/2),
    p_k = C(n, k)/(2^n − 1),

and log M_d has the characteristic function φ(t) = Π_j φ_{n_j}(t) (derived here). On a window of
length P its density is the Fourier series

    f(y) = (1/P) Σ_m φ(2πm/P) e^{−2πi m y/P},

and the distribution function is the same series integrated term by term. Two errors remain:
terms left out (φ falls at least like t^{(n−1)/2} e^{−πt/2}) and mass outside the window, which
would come in at its other end (the lower tail falls like e^{y/2}, from layers with one unit on,
the upper one faster than any power of the length). Both are below 10⁻⁹ with the choices below.
The simulation is in `deepinit.dense.squared_length`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import interpolate, special

from deepinit.dense.length_moments import active_units, log_factor_moments

_DEVIATIONS = 12.0
_LOWER_TAIL = 60.0
# Of the grid, doubled until φ has fallen off: from a width of 5000 on, if there are few layers.
_POINTS = 4096
_NEGLIGIBLE = 1e-11
# Complex numbers in memory at a time.
_NUMBERS_AT_ONCE = 1 << 22


def characteristic_function(width: int, t: ArrayLike) -> NDArray[np.complex128]:
    """Return φ_n(t) of the logarithm of one layer's factor, layer alive, κ = 1; shape of `t`."""
    t = np.asarray(t, dtype=np.float64)
    active, weight = active_units(width)
    # Of a wide layer most numbers have a probability that is zero to the computer.
    half, weight = active[weight > 0] / 2, weight[weight > 0]
    rows = max(1, _NUMBERS_AT_ONCE // len(half))
    means = np.empty(t.size, dtype=np.complex128)
    for first in range(0, t.size, rows):
        some = slice(first, first + rows)
        power = special.loggamma(half + 1j * t.ravel()[some, None]) - special.gammaln(half)
        means[some] = np.exp(power) @ weight
    return np.exp(1j * t * np.log(4 / width)) * means.reshape(t.shape)


@dataclass(frozen=True)
class LogLengthLaw:
    """Law of log(M_d/M_0) at κ = 1, natural logarithm, network alive.

    Attributes:
        values: grid of log(M_d/M_0), shape (points,).
        density: density on the grid.
        distribution: distribution function on the grid.
    """

    values: NDArray[np.float64]
    density: NDArray[np.float64]
    distribution: NDArray[np.float64]

    def pdf(self, value: ArrayLike) -> NDArray[np.float64]:
        """Return the density at `value`, zero outside the grid."""
        inside = interpolate.CubicSpline(self.values, self.density, extrapolate=False)(value)
        return np.nan_to_num(np.maximum(inside, 0))

    def cdf(self, value: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of a logarithm of at most `value`."""
        clipped = np.clip(value, self.values[0], self.values[-1])
        return np.clip(interpolate.CubicSpline(self.values, self.distribution)(clipped), 0, 1)


def log_length_law(widths: Sequence[int]) -> LogLengthLaw:
    """Return the exact law of log(M_d/M_0) for Gaussian weights, given that all layers live.

    Order of the widths does not matter.

    Raises:
        ValueError: no layers, or a width below one.
    """
    if not len(widths) or min(widths) < 1:
        raise ValueError(f"widths must be one or more positive numbers, not {list(widths)}")
    moments = np.array([log_factor_moments(width) for width in widths]).sum(axis=0)
    mean, deviation = moments[0], np.sqrt(moments[1])
    low = mean - _DEVIATIONS * deviation - _LOWER_TAIL
    period = 2 * _DEVIATIONS * deviation + _LOWER_TAIL
    points, t, phi = _POINTS // 2, np.zeros(1), np.ones(1)
    while abs(phi[-1]) > _NEGLIGIBLE:
        points *= 2
        t = 2 * np.pi / period * np.arange(points // 2)
        phi = np.ones(len(t), dtype=np.complex128)
        for width, layers in Counter(widths).items():
            phi *= characteristic_function(width, t) ** layers
    # Seen from the lower end of the window, y = low + P s with s in [0, 1).
    terms = phi * np.exp(-1j * t * low)
    values = low + period * np.arange(points) / points
    full = np.zeros(points, dtype=np.complex128)
    full[: len(t)] = terms
    density = (2 * np.fft.fft(full).real - 1) / period
    # ∫ e^{−ity} from the lower end: (e^{−its} − 1)/(−it); the term of t = 0 rises linearly.
    full[1 : len(t)] = terms[1:] / (-1j * t[1:])
    full[0] = 0
    rising = 2 * np.fft.fft(full).real
    distribution = (values - low) / period + (rising - rising[0]) / period
    return LogLengthLaw(values, density, distribution)
