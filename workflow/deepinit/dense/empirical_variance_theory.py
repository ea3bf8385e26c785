"""Failure mode 2: the empirical variance of the lengths of one network (Hanin & Rolnick 2018).

    V̂ = (1/d) Σ_j M_j² − ((1/d) Σ_j M_j)²,   j = 1 … d,   M_0 = 1.

With μ_j = E M_j and Q_j = E M_j², layers that multiply the length by independent factors have
E[M_j M_k] = Q_j μ_k/μ_j for j ≤ k, so that

    E V̂ = mean_j Q_j − mean_{j,k} Q_{min(j,k)} μ_{max(j,k)}/μ_{min(j,k)}.

*Fully connected, variance 2/fan-in, Gaussian*: μ = 1 and Q_j = P_j = Π_{i≤j} (1 + 5/n_i), hence

    E V̂ = mean_j P_j − mean_{j,k} P_{min(j,k)} = (1/d²) Σ_j (2j − d − 1) P_j,

which grows like exp(5β), β = Σ 1/n_j. *Residual, linear-ended modules*: μ and Q from
`deepinit.resnet.scaled_modules_theory`; with Σ η² < ∞ both are bounded. All exact (derived here). The
simulation is `deepinit.dense.empirical_variance`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_second_moments(widths: Sequence[float]) -> NDArray[np.float64]:
    """Return log P_j = log E M_j² after each layer, Gaussian weights, κ = 1.

    Widths that are no whole numbers interpolate.
    """
    return np.cumsum(np.log1p(5 / np.asarray(widths, dtype=np.float64)))


def log_mean_empirical_variance(log_second: ArrayLike, log_mean: ArrayLike = 0.0) -> float:
    """Return log E V̂ from log E M_j² and log E M_j, j = 1 … d, layers independent factors.

    Args:
        log_second: log Q_j, shape (d,).
        log_mean: log μ_j, shape (d,), or 0 where every mean length is 1.

    Raises:
        ValueError: fewer than two layers, where V̂ = 0.
    """
    second = np.asarray(log_second, dtype=np.float64)
    mean = np.broadcast_to(np.asarray(log_mean, dtype=np.float64), second.shape)
    depth = len(second)
    if depth < 2:
        raise ValueError("the empirical variance needs at least two layers")
    # Q_j Σ_{k≥j} μ_k/μ_j counts j itself and each pair once; pairs count twice. Sizes are taken relative
    # to the largest.
    from_here = np.logaddexp.accumulate(mean[::-1])[::-1] - mean
    pairs = second + from_here + np.log(2 - np.exp(-from_here))
    largest = pairs.max()
    value = np.exp(second - largest).mean() - np.exp(pairs - largest).sum() / depth**2
    return float(np.log(value) + largest)


def log_mean_of_fully_connected(widths: Sequence[float]) -> float:
    """Return log E V̂ for Gaussian weights of variance 2/fan-in and hidden `widths`."""
    return log_mean_empirical_variance(log_second_moments(widths))


def wide_limit(beta: ArrayLike) -> NDArray[np.float64]:
    """Return E V̂ of equal widths for n, d → ∞ at fixed β = d/n.

    Derived here: P_j → e^{5βs} with s = j/d in [0, 1] and
    E V̂ → ∫ (2s − 1) e^{5βs} ds = (e^x (x − 2) + x + 2)/x², x = 5β: x/6 for small β, e^x/x for
    large ones.
    """
    x = 5 * np.asarray(beta, dtype=np.float64)
    series = x / 6 + x**2 / 12 + x**3 / 40 + x**4 / 180
    with np.errstate(invalid="ignore", divide="ignore"):
        exact = (np.exp(x) * (x - 2) + x + 2) / x**2
    return np.where(x < 0.01, series, exact)
