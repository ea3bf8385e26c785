"""Random numbers of tests, the same in every run and others at every address, and levels of tests."""

from collections.abc import Callable

import numpy as np
from scipy import stats

from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence


def streams(root_seed: int, name: str) -> Callable[..., RandomStream]:
    """Return a function of an address that gives the stream there, from its beginning."""
    return lambda *address: RandomStream(seed_sequence(root_seed, name, *address))


def levels(checks: int, false_alarm: float = 1e-4) -> tuple[float, float]:
    """Return the level of each of so many tests, and the score of a normal number at it, two-sided.

    All together then give a false alarm with this probability at most (Bonferroni).
    """
    level = false_alarm / checks
    return level, float(stats.norm.isf(level / 2))


def reach(values: np.ndarray, level: float) -> float:
    """Return how far a mean of few values may lie from its expectation at a two-sided level (Student)."""
    return float(stats.t.isf(level / 2, len(values) - 1) * stats.sem(values))


def z_score(values: np.ndarray, expected: float = 0.0) -> float:
    """Return the distance of a mean from `expected` in standard errors."""
    return (values.mean() - expected) / stats.sem(values)
