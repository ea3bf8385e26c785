"""Where the mean of other networks lies: coverage, and the score that inverts the interval."""

import math

import numpy as np
import pytest
from scipy import stats

from deepinit.stats.log_normal_mean import further_mean, further_mean_limits, further_mean_score
from study.verdicts import LEVEL

SAMPLES = 40_000
NETWORKS = 50
SCORE = float(stats.norm.isf((1 - LEVEL) / 2))


def logs_of(deviation: float, skewness: float, count: int = SAMPLES, seed: int = 50) -> np.ndarray:
    """Return logarithms of a skewness, from normal or shifted gamma numbers; one row per sample."""
    generator = np.random.default_rng(seed)
    shape = (count, NETWORKS)
    if skewness == 0:
        return deviation * generator.standard_normal(shape)
    form = 4 / skewness**2
    return (
        deviation * np.sign(skewness) * (generator.gamma(form, size=shape) / form**0.5 - form**0.5)
    )


def misses(deviation: float, skewness: float) -> int:
    """Return how many means of other networks lie outside the interval from their sample."""
    _, low, high = further_mean_limits(logs_of(deviation, skewness), NETWORKS, SCORE)
    others = np.log(np.exp(logs_of(deviation, skewness, seed=51)).mean(axis=1))
    return int(((others < low) | (others > high)).sum())


@pytest.mark.parametrize("skewness", [-0.3, 0.0, 0.3])
@pytest.mark.parametrize("deviation", [0.15, 0.67, 1.9])
def test_the_interval_covers_the_mean_of_others_at_least_at_its_level(deviation, skewness):
    """False alarm 1e-4; a coverage of 99.8 % would fail with a probability of 95 %."""
    found = stats.binomtest(misses(deviation, skewness), SAMPLES, 1 - LEVEL, "greater")
    assert found.pvalue > 1e-4


@pytest.mark.parametrize("deviation", [0.67, 1.9])
def test_logarithms_twice_as_skewed_as_allowed_for_are_covered_as_the_text_says(deviation):
    """At least 99.5 %; more than 99.9 % would be more than the text says."""
    assert 0.001 < misses(deviation, 0.6) / SAMPLES < 0.005


def test_where_few_numbers_make_the_mean_the_upper_end_is_right_and_the_lower_one_too_low_by_three():
    """Log-sd 1.9, known exactly; the simulated quantiles have 200 of 400,000 means beyond them."""
    logs = 1.9 * stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    _, low, high = further_mean_limits(logs, NETWORKS, SCORE)
    means = [np.log(np.exp(logs_of(1.9, 0, seed=seed)).mean(axis=1)) for seed in range(10)]
    below, above = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    assert 2.5 < np.exp(below - low) < 3.5
    assert 0.8 < np.exp(high - above) < 1.25


@pytest.mark.parametrize("deviation", [0.15, 0.67])
def test_the_interval_of_the_mean_of_the_law_covers_it(deviation):
    """The law's own mean, e^(σ²/2): the limit of very many others."""
    _, low, high = further_mean_limits(logs_of(deviation, 0), math.inf, SCORE)
    covered = int(((low < deviation**2 / 2) & (deviation**2 / 2 < high)).sum())
    assert stats.binomtest(SAMPLES - covered, SAMPLES, 1 - LEVEL, "greater").pvalue > 1e-4
    assert SAMPLES - covered > 0


def test_for_a_small_spread_the_interval_is_students():
    logs = logs_of(1e-4, 0, 1)[0]
    half = stats.t.isf((1 - LEVEL) / 2, NETWORKS - 1) * logs.std(ddof=1) * math.sqrt(2 / NETWORKS)
    found = further_mean(logs / math.log(10), NETWORKS, LEVEL)
    assert found.value - found.low == pytest.approx(half / math.log(10), rel=1e-3)
    # The upper end allows for a greater spread of the others.
    assert 1 < (found.high - found.value) / (found.value - found.low) < 1.3


def test_the_score_is_the_one_at_which_an_end_of_the_interval_is_the_published_mean():
    logs = logs_of(0.67, 0, 1)[0]
    for score in (0.5, 2.0, 3.3, 8.0):
        for end in further_mean_limits(logs, NETWORKS, score)[1:]:
            mean = math.exp(end)
            found = further_mean_score(logs / math.log(10), NETWORKS, mean, mean)
            assert found == pytest.approx(score, abs=1e-6)
            wider = further_mean_score(logs / math.log(10), NETWORKS, 0.9 * mean, 1.1 * mean)
            assert wider < score
    assert further_mean_score(logs, NETWORKS, 1e-3, 1e3) == 0
    assert further_mean_score(1e-12 * logs, NETWORKS, 1e3, 1e3) == 37


def test_wide_and_shifted_logarithms_do_not_overflow():
    logs = logs_of(60.0, 0, 1)[0]
    here, there = (np.array(further_mean(logs + shift, NETWORKS, LEVEL)) for shift in (0, 5000))
    assert np.isfinite(here).all() and there - here == pytest.approx(5000)
    assert here[1] <= here[0] <= here[2]
