"""Intervals for means, medians and fractions, the same for figures and for verdicts."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from deepinit.stats.scores import normal_score, student_score

#: The resampling is part of the computation: the same table gives the same interval.
BOOTSTRAP_SEED = 20190211
_RESAMPLES_AT_ONCE = 1000


class TooFewReplicates(ValueError):
    """There are too few independent replicates for an interval."""


def check_replicates(sample: NDArray[np.float64]) -> None:
    """Check that there are two replicates or more.

    Args:
        sample: replicates along the first axis.

    Raises:
        TooFewReplicates: there are not.
    """
    if len(sample) < 2:
        raise TooFewReplicates("an interval needs at least two independent replicates")


class Estimate(NamedTuple):
    """A value and the interval around it."""

    value: float
    low: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> "Estimate":
        """Return `value` with an interval of no length."""
        return cls.around(value, 0.0)

    @classmethod
    def around(cls, value: float, half_width: float) -> "Estimate":
        """Return `value` with an interval of this half-width around it."""
        return cls(float(value), float(value - half_width), float(value + half_width))

    def map(self, function: Callable[[float], float]) -> "Estimate":
        """Return what an increasing function makes of the value and of both ends."""
        return Estimate(*(float(function(part)) for part in self))

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2


def log10_mean(log10_values: ArrayLike) -> float:
    """Return log10 of the mean of 10^values, without overflow."""
    logs = np.asarray(log10_values, dtype=np.float64) * np.log(10)
    return float((special.logsumexp(logs) - np.log(len(logs))) / np.log(10))


def _stretch(estimate: Estimate, replicates: int, level: float) -> Estimate:
    """Return a percentile interval stretched from its value as Student's is against the normal one.

    Resampling n values gives a spread too small by √((n − 1)/n) and knows nothing of the
    uncertainty of that spread.
    """
    tail = (1 - level) / 2
    wider = student_score(tail, replicates - 1) / normal_score(tail)
    wider *= np.sqrt(replicates / (replicates - 1))
    value, low, high = estimate
    return Estimate(
        value,
        float(value - wider * (value - low) if low < value else low),
        float(value + wider * (high - value) if high > value else high),
    )


def _takes_many(statistic: Callable[..., Any], sample: NDArray[np.float64]) -> bool:
    """Return whether `statistic` gives one number along the first axis of a sample, by a parameter `axis`."""
    try:
        parameters = inspect.signature(statistic).parameters
    except ValueError:
        # Functions in C need not have one.
        return False
    return "axis" in parameters and np.ndim(statistic(sample, axis=0)) == 0


def _percentiles(
    values: ArrayLike,
    statistic: Callable[..., Any],
    level: float,
    resamples: int | None,
) -> Estimate:
    """Return `statistic` of `values` between quantiles of its values on resamples."""
    sample = np.asarray(values, dtype=np.float64)
    check_replicates(sample)
    generator = np.random.Generator(np.random.PCG64(BOOTSTRAP_SEED))
    resamples = resamples or max(2000, round(40 / (1 - level)))
    many_at_once = _takes_many(statistic, sample)
    pieces = []
    for first in range(0, resamples, _RESAMPLES_AT_ONCE):
        count = min(_RESAMPLES_AT_ONCE, resamples - first)
        picks = generator.integers(len(sample), size=(count, len(sample)))
        if many_at_once:
            pieces.append(np.reshape(statistic(sample[picks], axis=1), count))
        else:
            pieces.append(np.array([statistic(sample[pick]) for pick in picks]))
    value = statistic(sample, axis=0) if many_at_once else statistic(sample)
    low, high = np.quantile(np.concatenate(pieces), [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(value), float(low), float(high))


def bootstrap(
    values: ArrayLike,
    statistic: Callable[..., Any],
    level: float,
    resamples: int | None = None,
) -> Estimate:
    """Return `statistic` of independent `values` with a percentile bootstrap interval.

    Its ends are stretched from the value by the ratio of Student's quantile to the normal one, and
    by √(n/(n − 1)), so that it covers a mean of normal values at its level. For skewed laws it covers
    less often: the mean of exponential values, 99.9 % being asked for, in 99.1 % of samples of 20, 99.5 %
    of 50, 99.8 % of 400. For means that hang on a few values see `deepinit.stats.log_normal_mean`.

    Args:
        values: independent replicates; along the first axis if there are several axes, so that
            replicates which share weights are passed as one row.
        statistic: function of an array like `values`, to one number. It is called for many resamples at
            once if it has a parameter `axis`, and gives one number along that of the replicates.
        resamples: None takes enough for twenty beyond each end of the interval, at least 2000.

    Raises:
        TooFewReplicates: fewer than two.
    """
    return _stretch(_percentiles(values, statistic, level, resamples), len(values), level)


def log10_mean_interval(
    log10_values: ArrayLike, level: float, resamples: int | None = None
) -> Estimate:
    """Return log10 of the mean of 10^values with a bootstrap interval, also log10.

    The same as `bootstrap` with `log10_mean`, without taking logarithms for every resample. What
    is said there of skewed laws holds here: of log-normal values with a standard deviation of ½ (natural
    logarithm) a sample of 20 covers in 99.5 % where 99.9 % is asked for, of 400 in 99.85 %.

    Raises:
        TooFewReplicates: fewer than two.
    """
    logs = np.asarray(log10_values, dtype=np.float64)
    check_replicates(logs)
    largest = logs.max()
    mean = _percentiles(10 ** (logs - largest), np.mean, level, resamples)
    return _stretch(mean.map(lambda part: np.log10(part) + largest), len(logs), level)


def mean_interval(values: ArrayLike, level: float) -> Estimate:
    """Return the mean of independent `values` with Student's interval.

    For roughly normal values; heavy tails need `quantile_interval` or logarithms.

    Raises:
        TooFewReplicates: fewer than two.
    """
    sample = np.asarray(values, dtype=np.float64)
    check_replicates(sample)
    error = sample.std(ddof=1) / np.sqrt(len(sample))
    half = error * student_score((1 - level) / 2, len(sample) - 1)
    return Estimate.around(sample.mean(), half)


def freedom_of_sum(variances: ArrayLike, freedom: ArrayLike) -> NDArray[np.float64]:
    """Return the degrees of freedom of a sum of independent estimates of variances (Satterthwaite 1946).

    Intervals of 99.9 % cover in 99.93 % where seven alike variances have 4 degrees of freedom each, in
    99.87 % where two that differ tenfold have 9, in 99.83 % where these have 4. Welch's unbiased estimate
    (1947) would give 99.90, 99.86 and 99.73 %.

    Args:
        variances: the estimates along the first axis, the factors with which they enter included.
        freedom: the degrees of freedom of each, or of all.
    """
    parts = np.atleast_1d(np.asarray(variances, dtype=np.float64))
    return parts.sum(axis=0) ** 2 / (parts**2 / np.asarray(freedom)).sum(axis=0)


def sum_interval(value: float, variances: ArrayLike, freedom: ArrayLike, level: float) -> Estimate:
    """Return a sum of independent normal parts with the interval of Welch and Satterthwaite.

    It has no length where no part varies.

    Args:
        variances: estimated variance of each part, its factor in the sum squared included.
        freedom: degrees of freedom of each of these estimates.
    """
    tail, variance = (1 - level) / 2, np.sum(variances)
    if variance == 0:
        return Estimate.exactly(value)
    half = np.sqrt(variance) * student_score(tail, freedom_of_sum(variances, freedom))
    return Estimate.around(value, half)


def quantile_interval(values: ArrayLike, probability: float, level: float) -> Estimate:
    """Return a quantile with the exact distribution-free interval from order statistics.

    With too few values to reach the level on one side, that end of the interval is infinite.

    Raises:
        TooFewReplicates: fewer than two.
    """
    sample = np.asarray(values, dtype=np.float64)
    check_replicates(sample)
    value = float(np.quantile(sample, probability))
    result = scipy.stats.quantile_test(sample, q=value, p=probability)
    interval = result.confidence_interval(confidence_level=level)
    low = -np.inf if np.isnan(interval.low) else interval.low
    high = np.inf if np.isnan(interval.high) else interval.high
    return Estimate(value, float(low), float(high))


def fraction_interval(successes: int, trials: int, level: float) -> Estimate:
    """Return a fraction with the exact (Clopper–Pearson) interval.

    Raises:
        TooFewReplicates: no trials.
        ValueError: fewer successes than none, or more than trials.
    """
    if trials < 1:
        raise TooFewReplicates("a fraction needs at least one replicate")
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must lie between 0 and {trials} trials, not {successes}")
    tail, failures = (1 - level) / 2, trials - successes
    low = special.betaincinv(successes, failures + 1, tail) if successes else 0.0
    high = 1 - special.betaincinv(failures, successes + 1, tail) if failures else 1.0
    return Estimate(successes / trials, float(low), float(high))


def zero_crossing(x: ArrayLike, y: ArrayLike) -> float:
    """Return the first x at which y, falling in x, passes through zero; NaN if it does not.

    Linear between grid points.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    falls = np.flatnonzero((y[:-1] > 0) & (y[1:] <= 0))
    if len(falls) == 0:
        return float("nan")
    i = falls[0]
    return float(x[i] + y[i] / (y[i] - y[i + 1]) * (x[i + 1] - x[i]))
