"""Scores and tails against scipy's distributions."""

import numpy as np
import pytest
from scipy import stats

from deepinit.stats.scores import normal_score, normal_tail, student_score, student_tail

TAILS = np.array([0.4, 0.025, 5e-4, 1e-12, 0.0])
SCORES = np.array([-2.0, 0.0, 3.3, 30.0])


def test_scores_and_tails_are_those_of_the_normal_distribution():
    assert normal_score(TAILS) == pytest.approx(stats.norm.isf(TAILS))
    assert normal_tail(SCORES) == pytest.approx(stats.norm.sf(SCORES))


@pytest.mark.parametrize("freedom", [1, 2.7, 49])
def test_scores_and_tails_are_those_of_students_distribution(freedom: float):
    assert student_score(TAILS, freedom) == pytest.approx(stats.t.isf(TAILS, freedom))
    assert student_tail(SCORES, freedom) == pytest.approx(stats.t.sf(SCORES, freedom))
