"""Intervals cover what they promise, computed exactly where the coverage is a finite sum.

The simulated coverage is a binomial test with a false-alarm rate of 1e-4.
"""

import math

import numpy as np
import pytest
from scipy import stats

from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.stats.intervals import (
    BOOTSTRAP_SEED,
    TooFewReplicates,
    bootstrap,
    fraction_interval,
    freedom_of_sum,
    log10_mean,
    log10_mean_interval,
    mean_interval,
    quantile_interval,
    sum_interval,
    zero_crossing,
)
from study.verdicts import LEVEL


def normals(*shape: int) -> np.ndarray:
    """Return standard normal numbers of a fixed seed."""
    stream = RandomStream(seed_sequence(76, "test_statistics", *shape))
    return stream.numpy.standard_normal(shape)


@pytest.mark.parametrize("level", [0.5, 0.95, LEVEL])
@pytest.mark.parametrize("size", [2, 12])
def test_the_interval_of_a_mean_is_students(level, size):
    sample = 5 + 3 * normals(size)
    expected = stats.t.interval(level, size - 1, sample.mean(), stats.sem(sample))
    assert mean_interval(sample, level) == pytest.approx((sample.mean(), *expected))


@pytest.mark.parametrize(
    ("truth", "freedom", "lowest", "highest"),
    [
        (np.linspace(1, 4, 7), 4, 0.9990, 0.9995),
        (np.array([1, 10]), 9, 0.9985, 0.9990),
        (np.array([1, 10]), 4, 0.9980, 0.9986),
    ],
)
def test_the_interval_of_a_sum_covers_it_nearly_as_often_as_stated(truth, freedom, lowest, highest):
    """Parts of unlike variances, estimated with few degrees of freedom; 200,000 sums, 99.9 %.

    Satterthwaite's degrees of freedom are an approximation. Taking the noise of the seven parts as
    known would give 99.7 %, Welch's unbiased ones 99.73 % for the last two.
    """
    chi_square = (normals(freedom, len(truth), 200_000) ** 2).mean(axis=0)
    found, variances = np.sqrt(truth.sum()) * normals(200_000), truth[:, None] * chi_square
    for number in range(5):
        interval = sum_interval(found[number], variances[:, number], freedom, LEVEL)
        degrees = freedom_of_sum(variances[:, number], freedom)
        half = math.sqrt(variances[:, number].sum()) * stats.t.isf((1 - LEVEL) / 2, degrees)
        assert interval.half_width == pytest.approx(half) and interval.value == found[number]
    halves = np.sqrt(variances.sum(axis=0)) * stats.t.isf(
        (1 - LEVEL) / 2, freedom_of_sum(variances, freedom)
    )
    assert lowest < (np.abs(found) < halves).mean() < highest
    assert freedom_of_sum([2.0], [9]) == pytest.approx(9)


def order_statistic_coverage(size: int, probability: float, level: float) -> float:
    """Return the exact coverage of `quantile_interval` for any continuous law.

    The values 1 … n show which order statistics (r, s) it takes; it covers the quantile if
    at least r and fewer than s values lie below it.
    """
    low, high = quantile_interval(np.arange(1.0, size + 1), probability, level)[1:]
    below = stats.binom(size, probability)
    top = 1.0 if math.isinf(high) else below.cdf(high - 1)
    return float(top - (0.0 if math.isinf(low) else below.cdf(low - 1)))


@pytest.mark.parametrize("level", [0.95, LEVEL])
@pytest.mark.parametrize("probability", [0.05, 0.25, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("size", [2, 5, 10, 20, 50, 200, 1000, 10_000])
def test_the_quantile_interval_covers_at_least_at_its_level(size, probability, level):
    """With few values it is unbounded on a side, or on both."""
    assert order_statistic_coverage(size, probability, level) >= level


@pytest.mark.parametrize("level", [0.95, LEVEL])
@pytest.mark.parametrize("trials", [1, 20, 75])
def test_the_fraction_interval_is_that_of_clopper_and_pearson(trials, level):
    for successes in range(trials + 1):
        expected = stats.binomtest(successes, trials).proportion_ci(level, "exact")
        found = fraction_interval(successes, trials, level)
        assert found == pytest.approx((successes / trials, *expected))


def bootstrap_coverage(samples: np.ndarray, mean: float, level: float, resamples: int) -> float:
    """Return the share of samples (columns) whose `bootstrap` interval contains the mean.

    `bootstrap` draws the same picks for any values, so that all samples are resampled at once.
    """
    size, count = samples.shape
    generator = np.random.Generator(np.random.PCG64(BOOTSTRAP_SEED))
    shares = np.zeros((resamples, size), np.float32)
    for first in range(0, resamples, 1000):
        picks = generator.integers(size, size=(1000, size))
        np.add.at(shares[first : first + 1000], (np.arange(1000)[:, None], picks), 1 / size)
    tail = (1 - level) / 2
    wider = stats.t.isf(tail, size - 1) / stats.norm.isf(tail) * math.sqrt(size / (size - 1))
    covered = 0
    for number, part in enumerate(np.split(samples.astype(np.float32), 20, axis=1)):
        values, ends = part.mean(axis=0), np.quantile(shares @ part, [tail, 1 - tail], axis=0)
        low, high = values + wider * (ends - values)
        if number == 0:
            found = bootstrap(samples[:, 0], np.mean, level, resamples)
            assert found == pytest.approx((values[0], low[0], high[0]), abs=1e-5)
        covered += int(((low < mean) & (mean < high)).sum())
    return covered / count


def test_the_bootstrap_covers_the_mean_of_few_normal_values_at_its_level():
    """n = 20, 20,000 samples, 95 %: unstretched percentiles would cover 92.9 %."""
    coverage = bootstrap_coverage(normals(20, 20_000), 0.0, 0.95, 2000)
    assert stats.binomtest(round(coverage * 20_000), 20_000, 0.95).pvalue > 1e-4


@pytest.mark.slow
def test_the_bootstrap_covers_the_mean_of_a_skewed_law_as_often_as_its_text_says():
    """Exponential values, n = 20, 10,000 samples: 99.1 % where 99.9 % is asked for, unstretched 98.0 %.

    Four standard errors of a binomial count are 0.38 %.
    """
    samples = -np.log(stats.norm.sf(normals(20, 10_000)))
    assert bootstrap_coverage(samples, 1.0, LEVEL, 10_000) == pytest.approx(0.991, abs=0.004)


def test_a_statistic_of_many_resamples_at_once_gives_the_same_interval():
    rows = normals(30, 4)

    def largest(sample, axis=0):
        return sample.mean(axis=axis).max(axis=-1)

    one_by_one = bootstrap(rows, lambda sample: largest(sample), 0.95)
    assert np.array(bootstrap(rows, largest, 0.95)) == pytest.approx(np.array(one_by_one))


def test_a_statistic_may_be_a_function_in_c():
    values = normals(30)
    assert bootstrap(values, max, 0.95) == bootstrap(values, np.max, 0.95)


def test_replicates_that_share_weights_count_once():
    """Twenty copies of each of thirty replicates, as rows, leave the interval as it was."""
    values = normals(30)
    rows = np.repeat(values[:, None], 20, axis=1)
    alone, copied = bootstrap(values, np.mean, 0.95), bootstrap(rows, np.mean, 0.95)
    assert np.array(copied) == pytest.approx(np.array(alone))
    flat = bootstrap(rows.ravel(), np.mean, 0.95)
    assert flat.half_width < alone.half_width / 3


@pytest.mark.parametrize(
    "interval",
    [
        lambda v: mean_interval(v, 0.95),
        lambda v: bootstrap(v, np.mean, 0.95),
        lambda v: log10_mean_interval(v, 0.95),
        lambda v: quantile_interval(v, 0.5, 0.95),
    ],
)
@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_replicates_give_no_interval(interval, values):
    with pytest.raises(TooFewReplicates):
        interval(values)


def test_the_logarithm_of_a_mean_does_not_overflow():
    moderate = normals(50)
    assert log10_mean(moderate) == pytest.approx(math.log10(np.mean(10**moderate)))
    assert log10_mean(moderate + 5000) == pytest.approx(log10_mean(moderate) + 5000)
    assert log10_mean(moderate - 5000) == pytest.approx(log10_mean(moderate) - 5000)
    assert log10_mean([-np.inf, 3.0]) == pytest.approx(3 - math.log10(2))


def test_the_interval_of_the_logarithm_of_a_mean_is_the_bootstrap_of_log10_mean():
    """2001 resamples: the ends are then resamples themselves, which logarithms keep in order."""
    logs = 3 * normals(40)
    expected = bootstrap(logs, log10_mean, 0.95, resamples=2001)
    for shift in (0, 5000, -5000):
        found = log10_mean_interval(logs + shift, 0.95, resamples=2001)
        assert np.array(found) - shift == pytest.approx(np.array(expected), abs=1e-9)


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        ([3, 1, -1, -3], 1.5),
        ([1, 0, -1, -2], 1.0),
        ([1, -3, 2, -2], 0.25),
        ([-1, 1, 3, -1], 2.75),
        ([1, 2, 3, 4], math.nan),
        ([-1, -2, 1, 2], math.nan),
        ([1, math.nan, 1, -1], 2.5),
    ],
)
def test_the_zero_crossing_is_the_first_fall_through_zero(y, expected):
    assert zero_crossing([0, 1, 2, 3], y) == pytest.approx(expected, nan_ok=True)
