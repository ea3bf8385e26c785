"""Mean and law of the squared length in fully connected ReLU networks (Hanin & Rolnick 2018).

M_j = ‖a_j‖²/n_j is the mean squared activation of layer j. With ReLU on every layer, no
bias and symmetric weights of variance κ · 2/fan-in,

    E[M_d] = κ^d M_0                                          at any width.

With Gaussian weights the layers are independent factors,

    M_{j+1}/M_j = κ (2/n) χ²_K,   K ~ Binomial(n, ½),   n = n_{j+1},

so E[M_d²] = κ^{2d} Π_j (1 + 5/n_j) M_0². The simulation is in
`deepinit.dense.squared_length`.
"""

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special


def mean_length(length_gain: float, depth: int) -> float:
    """Return E[M_d]/M_0 = κ^d, for any symmetric weight law and any width."""
    return length_gain**depth


def dead_probability(widths: Sequence[int]) -> float:
    """Return the probability that some layer has all its units off, 1 − Π_j (1 − 2^−n_j).

    Exact for any symmetric weights with independent rows and no atom at zero: given a live
    layer below, each unit is on with probability ½, independently.
    """
    n = np.asarray(widths, dtype=np.float64)
    return float(-np.expm1(np.sum(np.log1p(-np.exp2(-n)))))


def active_units(width: int) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Return K = 1 … n, and the probability of each for K ~ Binomial(n, ½) given K > 0; shapes (n,)."""
    active = np.arange(1, width + 1)
    weight = scipy.stats.binom.pmf(active, width, 0.5)
    weight /= weight.sum()
    return active, weight


def log_factor_moments(width: int) -> tuple[float, float]:
    """Return mean and variance of log M_{j+1}/M_j at κ = 1, Gaussian weights, layer alive.

    Given K > 0, log((2/n) χ²_K) has mean log(4/n) + ψ(K/2) and variance ψ′(K/2); both are
    averaged over K ~ Binomial(n, ½) given K > 0. To leading order (−5/(2n), 5/n).
    """
    active, weight = active_units(width)
    means = np.log(4 / width) + special.digamma(active / 2)
    mean = float(weight @ means)
    variance = float(weight @ (special.polygamma(1, active / 2) + means**2) - mean**2)
    return mean, variance


def log_factor_mean_orthogonal(width: int) -> float:
    """Return the mean of log M_{j+1}/M_j for √2 × Haar orthogonal weights, layer alive.

    Exact (derived here): √2 Q a is uniform on a sphere, so with K units on the factor is
    2 · Beta(K/2, (n − K)/2), whose logarithm has the mean log 2 + ψ(K/2) − ψ(n/2); averaged over
    K ~ Binomial(n, ½) given K > 0.
    """
    active, weight = active_units(width)
    return float(weight @ (np.log(2) + special.digamma(active / 2) - special.digamma(width / 2)))
