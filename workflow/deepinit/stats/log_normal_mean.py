"""What the mean of other networks may be, from the logarithms of ours.

A published point is the mean of m networks; ours are n networks of the same law, if the statement is
true. Ratios of lengths of a deep network are nearly log-normal, each layer multiplying by a random
factor, so that their mean hangs on a few networks and resampling n of them says too little
about those that are rare. With logarithms y ~ N(μ, σ²), ȳ and s² those of ours,

    ln of the mean of m others  =  μ + σ²/2 − v/2 + an error of variance v,
    v = ln(1 + (e^{σ²} − 1)/m)     (Fenton 1960: a sum of log-normal numbers is nearly log-normal).

The two ends have the tail probability a each. Their distances from ȳ + s²/2 − v(s²)/2 are the root of
the sum of squares (Zou, Huo & Taleban 2009) of

    t √(s²/n + v(b))               t Student's quantile of n − 1; b = s² below, b = σ²₊ above,
    |σ²₊ − s²|/2, |s² − σ²₋|/2     σ²₋ and σ²₊ the limits for σ² from χ² of n − 1.

Taking the upper limit of σ² for the spread of the others' mean as well makes the upper end long enough
for logarithms that are a little skewed. Where s is small all this is Student's interval for
the difference of two means.

Assumption: normal logarithms. Coverage at 99.9 %, n = m = 50 (simulated, in the tests): more than
99.9 % for log-standard deviations to 1.9, also for logarithms of skewness from −0.3 to 0.3; 99.5 % or
more to a skewness of 0.6. At a log-standard deviation of 1.9 the upper end is that of simulated means, while
the lower one is lower by a factor of 3: means of log-normal numbers are skewed in their logarithms, too.
Networks of 1000 layers have a skewness of 0.0 (iid weights, β = ¼, log-sd 0.63) and of 0.1 ± 0.1 (smooth
weights, β = ½, log-sd 1.9).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from deepinit.stats.intervals import Estimate, check_replicates, log10_mean
from deepinit.stats.scores import normal_score, normal_tail, student_score

# Beyond this standard score a tail probability is no longer a number of its own.
_LARGEST_SCORE = 37.0


def _spread(variance: ArrayLike, count: float) -> NDArray[np.float64]:
    """Return v = ln(1 + (e^variance − 1)/count), without overflow."""
    with np.errstate(divide="ignore"):
        rest = np.log1p(-1 / count)
    return np.logaddexp(rest, np.asarray(variance) - np.log(count))


def further_mean_limits(logs: ArrayLike, count: float, score: float) -> NDArray[np.float64]:
    """Return centre, lower and upper limit of the natural logarithm of a mean of `count` others.

    Args:
        logs: natural logarithms, of independent networks along the last axis.
        count: infinity gives the limits for the mean of the law itself.
        score: of the normal law; its upper tail probability is that beyond each end.

    Returns:
        Shape (3, …).

    Raises:
        TooFewReplicates: fewer than two networks.
    """
    sample = np.asarray(logs, dtype=np.float64)
    check_replicates(sample.T)
    networks = sample.shape[-1]
    tail, freedom = normal_tail(score), networks - 1
    variance = sample.var(axis=-1, ddof=1)
    low = variance * freedom / special.chdtri(freedom, tail)
    high = variance * freedom / (2 * special.gammaincinv(freedom / 2, tail))
    student = student_score(tail, freedom)
    spread = _spread(variance, count)
    centre = sample.mean(axis=-1) + (variance - spread) / 2
    # All parts of one distance, below and above.
    below, above = (
        np.sqrt(student**2 * (variance / networks + own) + ((limit - variance) / 2) ** 2)
        for own, limit in ((spread, low), (_spread(high, count), high))
    )
    return np.array([centre, centre - below, centre + above])


def further_mean(log10_values: ArrayLike, count: float, level: float) -> Estimate:
    """Return log10 of the mean of 10^values, and where that of `count` other values would lie.

    Raises:
        TooFewReplicates: fewer than two values.
    """
    logs = np.asarray(log10_values, dtype=np.float64) * np.log(10)
    score = float(normal_score((1 - level) / 2))
    _, low, high = further_mean_limits(logs, count, score) / np.log(10)
    value = log10_mean(log10_values)
    return Estimate(value, min(float(low), value), max(float(high), value))


def further_mean_score(log10_values: ArrayLike, count: int, low: float, high: float) -> float:
    """Return how far a published mean of `count` others lies off, as a standard normal score.

    The score at which an end of the interval of `further_mean_limits` is the published mean; 37 for
    all that lie further off.

    Args:
        low, high: the published mean less and plus its reading error, above zero; what lies
            nearest to ours counts.

    Raises:
        TooFewReplicates: fewer than two values.
    """
    logs = np.asarray(log10_values, dtype=np.float64) * np.log(10)
    centre = further_mean_limits(logs, count, 0.0)[0]
    target = float(np.clip(centre, np.log(low), np.log(high)))
    end = 2 if target > centre else 1

    def left(score: float) -> float:
        return abs(further_mean_limits(logs, count, score)[end] - centre) - abs(target - centre)

    if left(0.0) >= 0:
        return 0.0
    if left(_LARGEST_SCORE) < 0:
        return _LARGEST_SCORE
    return float(optimize.brentq(left, 0.0, _LARGEST_SCORE, xtol=1e-9))
