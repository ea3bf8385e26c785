"""How rough a path is: its Hurst index, estimated from second-order variations.

For a path x_0, x_1, … the second-order variation at lag l is the mean of

    S(l) = (x_{k+2l} − 2 x_{k+l} + x_k)²,

and the estimate from two lags a < b is Ĥ = log(S(b)/S(a)) / (2 log(b/a)) (Istas & Lang 1997). What
it comes to, exact in the means where nothing else is said:

    fractional Brownian motion    S(l) = σ² (4 − 2^{2H}) l^{2H}     Ĥ = H
    independent values            S(l) = 6 σ²                       Ĥ = 0
    twice differentiable paths    S(l) ≈ (x″)² l⁴ for small l       Ĥ → 2, the order of the differences
    once differentiable ones      between 1 and 2

No path has more than 2 at lags 1 and 2: its differences at lag 2 are those at lag 1 with weights 1,
2, 1, so S(2) ≤ 16 S(1) but for the ends.

Differences of the first order would stop at 1 and could not tell a smooth path from a line. A
smooth path plus independent values of variance σ² crosses over from 0 at lags where 6σ² outweighs
the curvature to 2 where it does not, so Ĥ is that of the lags at hand, and both are stated.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def second_order_variations(paths: ArrayLike, lags: ArrayLike) -> NDArray[np.float64]:
    """Return S(l), averaged over k and over paths; shape (lags,), the square of the paths' unit.

    Args:
        paths: shape (length, …), the index of the path first; of noise, such as `deepinit.noise` draws for
            weights, the cumulative sum (of noise itself they give 0 for H = 0.5, and no index for other H).
        lags: positive whole numbers, the largest at most (length − 1)/2.

    Raises:
        ValueError: a lag is not positive or too large.
    """
    values, lags = np.asarray(paths, dtype=np.float64), np.asarray(lags)
    if lags.min() < 1 or 2 * lags.max() >= len(values):
        raise ValueError(f"lags must lie in 1 … {(len(values) - 1) // 2}, not {lags.tolist()}")
    means = []
    for lag in lags:
        twice = values[2 * lag :] - 2 * values[lag:-lag] + values[: -2 * lag]
        means.append(float((twice**2).mean()))
    return np.array(means)


def hurst_index(variations: ArrayLike, lags: ArrayLike) -> float:
    """Return Ĥ from S at two lags; NaN if the paths are straight lines.

    Args:
        variations: S(a) and S(b).
        lags: a < b.
    """
    (fine, coarse), (short, long) = np.asarray(variations, dtype=np.float64), np.asarray(lags)
    if fine <= 0 or coarse <= 0:
        return float("nan")
    return float(np.log(coarse / fine) / (2 * np.log(long / short)))
