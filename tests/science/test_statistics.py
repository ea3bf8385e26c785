"""Intervals cover what they promise, computed exactly where the coverage is a finite sum.

The simulated coverages are binomial tests with a false-alarm rate of 1e-4 together.
"""

import math

import numpy as np
import pytest
from scipy import stats

from deepinit.random_stream import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.statistics import (
    Estimate,
    bootstrap,
    fraction_interval,
    log10_mean,
    log10_mean_interval,
    mean_interval,
    quantile_interval,
    zero_crossing,
)
from deepinit.verdicts import LEVEL

FALSE_ALARM = 1e-4
CHECKS = 5
ALPHA = FALSE_ALARM / CHECKS


def normals(*shape: int) -> np.ndarray:
    """Return standard normal numbers of a fixed seed."""
    stream = RandomStream(seed_sequence(76, "test_statistics", *shape))
    return stream.numpy.standard_normal(shape)


@pytest.mark.parametrize(("size", "level"), [(2, 0.95), (12, 0.5), (12, 0.95), (12, LEVEL)])
def test_students_interval_covers_the_mean_at_its_level(level, size):
    """Normal values, 1000 samples."""
    covered = 0
    for sample in 5 + 3 * normals(1000, size):
        estimate = mean_interval(sample, level)
        assert estimate.value == pytest.approx((estimate.low + estimate.high) / 2)
        covered += estimate.low <= 5 <= estimate.high
    assert stats.binomtest(covered, 1000, level).pvalue > ALPHA


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
@pytest.mark.parametrize("size", [200, 1000, 10_000])
def test_the_quantile_interval_covers_at_least_at_its_level(size, probability, level):
    assert order_statistic_coverage(size, probability, level) >= level


@pytest.mark.parametrize("size", [2, 5, 10, 20, 50])
@pytest.mark.parametrize("probability", [0.05, 0.5, 0.75])
def test_a_quantile_interval_from_too_few_values_does_not_claim_its_level(size, probability):
    """Where no two order statistics reach the level, it is unbounded on a side or refused."""
    try:
        coverage = order_statistic_coverage(size, probability, LEVEL)
    except ValueError:
        return
    assert coverage >= LEVEL


def test_the_quantile_interval_follows_a_shift_and_the_order_of_values_is_nothing():
    values = normals(400)
    here = np.array(quantile_interval(values, 0.25))
    assert np.array(quantile_interval(values[::-1] + 10, 0.25)) == pytest.approx(here + 10)
    assert here[1] <= here[0] <= here[2]


@pytest.mark.parametrize("level", [0.95, LEVEL])
@pytest.mark.parametrize("trials", [1, 20, 75])
def test_the_fraction_interval_covers_at_least_at_its_level(trials, level):
    """Exact: the binomial probability of all outcomes whose interval contains the truth."""
    intervals = [fraction_interval(k, trials, level) for k in range(trials + 1)]
    assert [interval.value for interval in intervals] == pytest.approx(
        np.arange(trials + 1) / trials
    )
    for truth in np.linspace(0, 1, 201):
        covers = [interval.low <= truth <= interval.high for interval in intervals]
        assert stats.binom.pmf(np.arange(trials + 1), trials, truth) @ covers >= level - 1e-12


def test_the_percentile_bootstrap_of_a_mean_covers_as_theory_says():
    """Normal values, n = 50, 800 samples.

    Half-width 1.96 s √((n − 1)/n)/√n in the limit of many resamples: P(|t_49| ≤ 1.94) = 94.2 %,
    not 95 %. Four hundred resamples blur the ends by .13 standard errors, .2 % in coverage,
    against a binomial deviation of .8 %.
    """
    values = normals(800, 50)
    estimates = [bootstrap(sample, np.mean, resamples=400) for sample in values]
    covered = sum(estimate.low <= 0 <= estimate.high for estimate in estimates)
    exact = 1 - 2 * stats.t.sf(1.959964 * math.sqrt(49 / 50), 49)
    assert stats.binomtest(covered, 800, exact).pvalue > ALPHA


def test_replicates_that_share_weights_count_once():
    """Twenty copies of each of thirty replicates, as rows, leave the interval as it was."""
    values = normals(30)
    rows = np.repeat(values[:, None], 20, axis=1)
    alone, copied = bootstrap(values, np.mean), bootstrap(rows, np.mean)
    assert np.array(copied) == pytest.approx(np.array(alone))
    flat = bootstrap(rows.ravel(), np.mean)
    assert flat.half_width < alone.half_width / 3


def test_the_same_values_give_the_same_interval():
    assert bootstrap(normals(30), np.median) == bootstrap(normals(30), np.median)


@pytest.mark.parametrize(
    "interval",
    [mean_interval, lambda v: bootstrap(v, np.mean), lambda v: quantile_interval(v, 0.5)],
)
@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_replicates_give_no_interval(interval, values):
    with pytest.raises(ValueError, match="two"):
        interval(values)


def test_half_width_is_half_the_length():
    assert Estimate(1.0, 0.5, 2.5).half_width == 1


def test_the_logarithm_of_a_mean_does_not_overflow():
    moderate = normals(50)
    assert log10_mean(moderate) == pytest.approx(math.log10(np.mean(10**moderate)))
    assert log10_mean(moderate + 5000) == pytest.approx(log10_mean(moderate) + 5000)
    assert log10_mean(moderate - 5000) == pytest.approx(log10_mean(moderate) - 5000)
    assert log10_mean([-np.inf, 3.0]) == pytest.approx(3 - math.log10(2))


def test_the_interval_of_the_logarithm_of_a_mean_is_the_bootstrap_of_log10_mean():
    """2001 resamples: the ends are then resamples themselves, which logarithms keep in order."""
    logs = 3 * normals(40)
    expected = bootstrap(logs, log10_mean, resamples=2001)
    for shift in (0, 5000, -5000):
        found = log10_mean_interval(logs + shift, resamples=2001)
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
