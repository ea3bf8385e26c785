"""Sums of logarithms of means: intervals cover at their level, and nothing overflows."""

import numpy as np
import pytest

from deepinit.stats.intervals import TooFewReplicates
from deepinit.stats.log_means import log_mean, sum_of_log_means


def test_the_interval_of_a_ratio_of_means_covers_at_its_level():
    """Log-normal numbers of sd 0.3, pairs that share a factor and a third apart, n = 50.

    Of 2000 repeats 95 % ± 2 %: four standard deviations.
    """
    generator, hits = np.random.default_rng(6), 0
    for _ in range(2000):
        shared, own, other = 0.3 * generator.standard_normal((3, 50))
        pairs = np.stack([shared + own, shared], axis=1)
        found = sum_of_log_means((pairs, [1.0, -1.0]), (other, -2.0), level=0.95)
        # E of each log-normal number is exp(variance/2).
        hits += found.low <= 0.09 - 0.045 - 2 * 0.045 <= found.high
    assert 0.93 < hits / 2000 < 0.97


def test_large_logarithms_and_zeros_count():
    assert log_mean([1000.0, -np.inf]) == pytest.approx(1000 - np.log(2))
    found = sum_of_log_means(
        ([[2000.0, 1000.0], [2001.0, 1001.0 + 1e-6]], [1, -1]), level=0.95, shift=5.0
    )
    assert found == pytest.approx((1005, 1005, 1005), abs=1e-4) and found.low < found.high


def test_replicates_that_are_all_alike_have_an_interval_of_no_length():
    assert sum_of_log_means((np.zeros((5, 2)), [1.0, -1.0]), level=0.999) == (0.0, 0.0, 0.0)


def test_a_single_replicate_gives_no_interval():
    with pytest.raises(TooFewReplicates):
        sum_of_log_means((np.zeros((5, 2)), [1.0, -1.0]), ([0.1], 1.0), level=0.95)
