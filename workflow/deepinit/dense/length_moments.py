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
from numpy.typing import NDArray
from scipy import special, stats

from deepinit.seeds import Randomness, as_generator


def mean_length(length_gain: float, depth: int) -> float:
    """Return E[M_d]/M_0 = κ^d, for any symmetric weight law and any width."""
    return length_gain**depth


def second_moment_growth(widths: Sequence[int]) -> float:
    """Return E[M_d²]/E[M_d]² = Π_j (1 + 5/n_j) for Gaussian weights."""
    return float(np.prod(1 + 5 / np.asarray(widths, dtype=np.float64)))


def second_moment_growth_orthogonal(widths: Sequence[int]) -> float:
    """Return E[M_d²]/E[M_d]² = Π_j (1 + 3/(n_j + 2)) for √2 × Haar orthogonal weights.

    Derived here: z = √2 Q a is uniform on the sphere of radius √2 ‖a‖, where E z_i⁴ and
    E z_i² z_k² are 3 and 1 times 4‖a‖⁴/(n(n + 2)); half of the units are on, pairs are on with
    probability ¼ and n/2 · 3 + n(n − 1)/4 = n(n + 5)/4, hence the factor (n + 5)/(n + 2).
    """
    n = np.asarray(widths, dtype=np.float64)
    return float(np.prod((n + 5) / (n + 2)))


def dead_probability(widths: Sequence[int]) -> float:
    """Return the probability that some layer has all its units off, 1 − Π_j (1 − 2^−n_j).

    Exact for any symmetric weights with independent rows and no atom at zero: given a live
    layer below, each unit is on with probability ½, independently.
    """
    n = np.asarray(widths, dtype=np.float64)
    return float(-np.expm1(np.sum(np.log1p(-np.exp2(-n)))))


def log_factor_moments(width: int) -> tuple[float, float]:
    """Return mean and variance of log M_{j+1}/M_j at κ = 1, Gaussian weights, layer alive.

    Given K > 0, log((2/n) χ²_K) has mean log(4/n) + ψ(K/2) and variance ψ′(K/2); both are
    averaged over K ~ Binomial(n, ½) given K > 0. To leading order (−5/(2n), 5/n).
    """
    active = np.arange(1, width + 1)
    weight = stats.binom.pmf(active, width, 0.5)
    weight /= weight.sum()
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
    active = np.arange(1, width + 1)
    weight = stats.binom.pmf(active, width, 0.5)
    weight /= weight.sum()
    return float(weight @ (np.log(2) + special.digamma(active / 2) - special.digamma(width / 2)))


def sample_log_length(widths: Sequence[int], count: int, seed: Randomness) -> NDArray[np.float64]:
    """Return `count` draws of log(M_d/M_0) at κ = 1, exact in distribution, Gaussian weights.

    O(1) work per layer: one binomial and one chi-squared number instead of n² normals. Networks
    in which a layer is dead are returned as −∞. A chi-squared number with K degrees of freedom
    is 2 × Gamma(K/2).
    """
    generator = as_generator(seed)
    total = np.zeros(count)
    for width in widths:
        active = generator.binomial(width, 0.5, size=count)
        with np.errstate(divide="ignore"):
            total += np.log(4 / width * generator.standard_gamma(active / 2))
    return total
