"""Sums of logarithms of means, such as that of a ratio of means, from logarithms of positive numbers."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from deepinit.stats.intervals import Estimate, check_replicates, sum_interval


def log_mean(logs: ArrayLike) -> float:
    """Return ln of the mean of e^logs, without overflow; −∞ stands for zero."""
    values = np.asarray(logs, dtype=np.float64)
    return float(special.logsumexp(values) - np.log(len(values)))


def sum_of_log_means(
    *parts: tuple[ArrayLike, ArrayLike], level: float, shift: float = 0.0
) -> Estimate:
    """Return Σ w ln E X, plus `shift`, with an interval.

    To first order a sum of means: a replicate contributes Σ w X/E X. The interval is Student's, and
    Welch's and Satterthwaite's for several parts; it is good where the means' relative errors are small.

    Args:
        parts: sets of replicates independent of each other: ln X, shape (replicates, numbers) or
            (replicates,), and the weights w, shape (numbers,) or a number.
        level: of the interval.
        shift: what is known exactly.

    Raises:
        TooFewReplicates: fewer than two in a set.
    """
    value, variances, freedom = shift, [], []
    for logs, weights in parts:
        columns = np.asarray(logs, dtype=np.float64)
        check_replicates(columns)
        columns = columns.reshape(len(columns), -1)
        own = np.atleast_1d(np.asarray(weights, dtype=np.float64))
        means = np.array([log_mean(column) for column in columns.T])
        value += float(own @ means)
        variances.append((np.exp(columns - means) @ own).var(ddof=1) / len(columns))
        freedom.append(len(columns) - 1)
    return sum_interval(value, variances, freedom, level)
