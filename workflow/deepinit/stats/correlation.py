"""Correlation of ranks with an interval."""

import numpy as np
import scipy
from numpy.typing import ArrayLike

from deepinit.stats.intervals import Estimate
from deepinit.stats.scores import normal_score


def rank_correlation(x: ArrayLike, y: ArrayLike, level: float) -> Estimate:
    """Return Spearman's correlation of independent pairs with an interval.

    That is normal for artanh r, whose variance is (1 + r²/2)/(n − 3): Bonett and Wright (2000).

    Args:
        x: shape (n,), n of 4 or more.
        y: likewise; ties have the mean of their ranks.
        level: of the interval.
    """
    value = float(scipy.stats.spearmanr(x, y).statistic)
    error = np.sqrt((1 + value**2 / 2) / (len(np.asarray(x)) - 3))
    half = normal_score((1 - level) / 2) * error
    # |r| of 1 has no artanh, and an interval from one end to the other at worst.
    bounded = np.clip(value, -1 + 1e-12, 1 - 1e-12)
    low, high = np.tanh(np.arctanh(bounded) + np.array([-half, half]))
    return Estimate(value, min(float(low), value), max(float(high), value))
