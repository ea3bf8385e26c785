"""Medians of censored starts: right by hand, and covered as often as stated."""

import numpy as np
import pytest

from deepinit.stats.intervals import TooFewReplicates
from deepinit.stats.survival import median_time


def test_without_censoring_it_is_the_first_time_by_which_half_have_started():
    assert median_time([3, 1, 2, 5, 4], [True] * 5, 0.9) == (3, 1, 5)
    assert median_time([1, 1, 2, 9], [True] * 4, 0.8).value == 1


def test_runs_that_never_start_count_as_later_than_all_others():
    times, started = [2, 7, 100, 100, 4], [True, True, False, False, True]
    assert median_time(times, started, 0.9) == (7, 2, np.inf)
    assert median_time([2, 100, 100, 100], [True] + [False] * 3).value == np.inf
    assert median_time([100] * 12, [False] * 12) == (np.inf, np.inf, np.inf)


def test_a_start_in_the_last_epoch_is_a_start():
    assert median_time([100] * 4, [True] * 4).value == 100


def test_too_few_runs_have_no_bounds_or_no_median():
    assert median_time([1, 2, 3], [True] * 3, 0.95)[1:] == (0, np.inf)
    with pytest.raises(TooFewReplicates):
        median_time([1], [True])


@pytest.mark.parametrize("runs", [5, 20])
def test_intervals_cover_the_median_at_least_as_often_as_stated(runs):
    """800 samples of geometric times with the cap at 12; the median, by tabulation, is 7.

    Coverage below 0.9 by more than 4.3 standard errors of 0.0106 is once in 100,000.
    """
    generator = np.random.default_rng(4)
    times = generator.geometric(0.1, size=(800, runs))
    started = times <= 12
    covered = 0
    for sample, known in zip(np.minimum(times, 12), started, strict=True):
        _, low, high = median_time(sample, known, 0.9)
        covered += low <= 7 <= high
    assert covered / 800 > 0.9 - 4.3 * 0.0106
