"""Empirical variance of the lengths of one network, over its layers (Hanin & Rolnick 2018).

    V̂ = (1/d) Σ_j M_j² − ((1/d) Σ_j M_j)²,   j = 1 … d,   M_0 = 1.

Gaussian weights of variance 2/fan-in: M_{j+1}/M_j = (2/n) χ²_K, K ~ Binomial(n, ½), independent
over layers, one binomial and one gamma number a layer instead of n² weights.

V̂ is heavy-tailed once β = Σ 1/n_j is above .2 or so: E V̂ ~ exp(5β) is carried by networks so
rare that no sample of feasible size holds one. `log_tilted_variance` draws networks from the law in
which each is more frequent by Σ_j M_j²/Σ_j P_j, P_j = E M_j² = Π_{i≤j} (1 + 5/n_i), and weights
them back (importance sampling; derived here). That law is a mixture: pick a layer J with
probability ∝ P_J; the layers i ≤ J have the law tilted by the square of their factor,

    k with probability ∝ C(n, k) k(k + 2),   M_i/M_{i−1} = (2/n) χ²_{k+4},

(the density of χ²_k is ∝ x^{k/2−1} e^{−x/2}; x² times it is that of χ²_{k+4}) and the others the
plain one. The weighted variance is V̂ Σ P_j/Σ M_j². Since V̂ ≤ (1/d) Σ M_j², it lies between 0
and (1/d) Σ P_j: bounded, so that its mean, E V̂, can be had from a sample at any depth. The theory
is in `deepinit.dense.empirical_variance_theory`.
"""

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from deepinit.dense.empirical_variance_theory import log_second_moments
from deepinit.seeds import Randomness, as_generator


def log_lengths(widths: Sequence[int], networks: int, seed: Randomness) -> NDArray[np.float64]:
    """Return log M_j, j = 1 … d, shape (networks, d); −∞ from a dead layer on."""
    generator = as_generator(seed)
    n = np.asarray(widths)
    active = generator.binomial(n, 0.5, size=(networks, len(n)))
    with np.errstate(divide="ignore"):
        return np.log(4 / n * generator.standard_gamma(active / 2)).cumsum(axis=1)


def log_empirical_variance(log_lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log V̂ of each network, shape (networks,); −∞ where all layers are dead or of one length."""
    largest = log_lengths.max(axis=1, keepdims=True)
    relative = np.exp(log_lengths - np.where(np.isfinite(largest), largest, 0))
    with np.errstate(divide="ignore"):
        return np.log(relative.var(axis=1)) + 2 * largest[:, 0]


def _tilted_active(
    widths: NDArray[np.int64], networks: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return k with probability ∝ C(n, k) k(k + 2) for each network and layer."""
    uniform = generator.random((networks, len(widths)))
    active = np.empty(uniform.shape, dtype=np.int64)
    for width in np.unique(widths):
        k = np.arange(1, width + 1)
        tilted = np.cumsum(scipy.stats.binom.pmf(k, width, 0.5) * k * (k + 2))
        same = widths == width
        active[:, same] = 1 + np.searchsorted(tilted[:-1] / tilted[-1], uniform[:, same])
    return active


def log_tilted_variance(
    widths: Sequence[int], networks: int, seed: Randomness
) -> NDArray[np.float64]:
    """Return logarithms of independent numbers in [0, (1/d) Σ P_j] with mean E V̂, (networks,)."""
    generator = as_generator(seed)
    n = np.asarray(widths)
    second = log_second_moments(widths)
    shares = special.softmax(second)
    last = generator.choice(len(n), size=networks, p=shares)
    tilted = np.arange(len(n)) <= last[:, None]
    active = generator.binomial(n, 0.5, size=tilted.shape)
    active = np.where(tilted, _tilted_active(n, networks, generator) + 4, active)
    with np.errstate(divide="ignore"):
        logs = np.log(4 / n * generator.standard_gamma(active / 2)).cumsum(axis=1)
    weight = special.logsumexp(second) - special.logsumexp(2 * logs, axis=1)
    return log_empirical_variance(logs) + weight
