"""The F test of lack of fit, and the departure of groups from one curve that it estimates.

Seeds are fixed; statistical tests of this file share a false-alarm rate of 1e-4 (Bonferroni).
"""

import numpy as np
import pytest
from scipy import stats

from papers.hanin2018.lack_of_fit import lack_of_fit

X = np.repeat(np.linspace(0.2, 1.6, 6), 4) * np.tile([1.0, 1.0, 1.0, 0.75], 6)


def runs_about(means: np.ndarray, runs: int, seed: int) -> np.ndarray:
    """Return normal scores of variance 0.36 about each mean."""
    generator = np.random.default_rng(seed)
    return means[:, None] + 0.6 * generator.standard_normal((len(means), runs))


def test_it_is_the_f_test_between_a_parabola_and_one_mean_a_group():
    """The same level as from least squares on all runs, with dummies against a parabola."""
    scores = runs_about(X**2, 8, 1)
    left = []
    for design in (np.vander(X, 3), np.eye(len(X))):
        rows = np.repeat(design, 8, axis=0)
        left.append(np.linalg.lstsq(rows, scores.ravel(), rcond=None)[1].sum())
    f = (left[0] - left[1]) / (len(X) - 3) / (left[1] / (len(X) * 7))
    assert lack_of_fit(scores, X, 0.95).chance == pytest.approx(
        stats.f.sf(f, len(X) - 3, len(X) * 7)
    )


def test_the_level_is_uniform_on_a_curve_and_the_interval_then_begins_at_zero():
    found = [lack_of_fit(runs_about(2 * X - X**2, 10, seed), X, 0.95) for seed in range(400)]
    chances = [fit.chance for fit in found]
    assert stats.kstest(chances, stats.uniform.cdf).pvalue > 5e-5
    from_zero = sum(fit.departure.low == 0 for fit in found)
    assert stats.binomtest(from_zero, 400, 0.975).pvalue > 5e-5


def test_the_interval_covers_the_departure_as_often_as_stated():
    bump = 0.3 * np.random.default_rng(7).standard_normal(len(X))
    powers = np.vander(X, 3)
    bump -= powers @ np.linalg.lstsq(powers, bump, rcond=None)[0]
    truth = np.sqrt(np.mean(bump**2))
    found = [lack_of_fit(runs_about(X + bump, 10, seed), X, 0.9).departure for seed in range(400)]
    misses = sum(not fit.low <= truth <= fit.high for fit in found)
    assert stats.binomtest(misses, 400, 0.1).pvalue > 5e-5
    assert np.mean([fit.value for fit in found]) == pytest.approx(truth, rel=0.05)
