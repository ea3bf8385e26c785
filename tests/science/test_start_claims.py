"""Measurements on when networks start: right on tables whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from claims.data import PaperData
from claims.hanin2018 import architectures, residual_training
from deepinit.verdicts import NotTested

SETTINGS = {"data": "mnist_subset", "max_epochs": 100}


def of_patterns(shift: float, runs: int, seed: int) -> PaperData:
    """Return log-normal epochs of two patterns at three depths; one is later by `shift` in ln."""
    generator = np.random.default_rng(seed)
    rows = [
        {"pattern": pattern, "depth": depth, "beta": depth / 15, "run": run, "status": "reached",
         "epochs": np.exp(0.1 * depth + delay + 0.8 * generator.standard_normal())}
        for pattern, delay in (("early", 0), ("late", shift))
        for depth in (4, 8, 12)
        for run in range(runs)
    ]  # fmt: skip
    return PaperData({"fig3a": pd.DataFrame(rows)}, {"fig3a": SETTINGS}, {})


def test_the_interval_of_a_difference_covers_it_as_often_as_stated():
    """300 tables at 99.9 %: more than four misses once in 60,000."""
    misses = 0
    for seed in range(300):
        data = of_patterns(0.5, 10, seed)
        _, low, high = architectures.difference_of_patterns(data, "late", "early").estimate
        misses += not low <= 0.5 <= high
    assert misses <= 4


def test_a_difference_of_depths_is_that_of_the_two_ends():
    data = of_patterns(0.0, 400, 1)
    value, low, high = architectures.difference_of_depths(data, "early").estimate
    assert low < 0.8 < high and high - low < 0.5
    assert value == pytest.approx((low + high) / 2)


def test_patterns_that_were_not_trained_or_too_few_runs_are_not_tested():
    with pytest.raises(NotTested, match="needs runs of"):
        architectures.difference_of_patterns(of_patterns(0, 10, 1), "late", "absent")
    with pytest.raises(NotTested, match="10 runs"):
        architectures.difference_of_patterns(of_patterns(0, 9, 1), "late", "early")
    with pytest.raises(NotTested, match="24 architectures"):
        architectures.explained_by_beta(of_patterns(0, 10, 1))


def test_runs_that_diverged_count_as_the_cap_in_the_time_to_the_start():
    rows = [
        {"ending": "relu", "base": 0.5, "modules": modules, "run": run, "first_reached": 0.5,
         "status": "diverged" if modules == 100 and run % 2 else "reached"}
        for modules in (10, 100)
        for run in range(20)
    ]  # fmt: skip
    data = PaperData({"fig2b": pd.DataFrame(rows)}, {"fig2b": SETTINGS}, {})
    slowing = residual_training.slowing(data, "relu", 0.5)
    assert slowing.estimate.value == pytest.approx(50.25 / 0.5)
    started = residual_training.started(data, "relu", 0.5)
    assert started.estimate.value == 0.5 and "10 diverged" in started.note
