"""Standard scores, half-widths of intervals in standard errors.

From `scipy.special`: importing `scipy.stats` takes longer than most computations that need a score.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


def normal_score(tail: ArrayLike) -> Any:
    """Return what a standard normal number exceeds with this probability, elementwise."""
    return -special.ndtri(tail)


def normal_tail(score: ArrayLike) -> Any:
    """Return the probability that a standard normal number exceeds a score, elementwise."""
    return special.ndtr(-score)


def student_score(tail: ArrayLike, freedom: ArrayLike) -> Any:
    """Return what Student's t of so many degrees of freedom exceeds with this probability, elementwise."""
    # Of a probability of 0 stdtrit gives +∞.
    return np.where(np.equal(tail, 0), np.inf, -special.stdtrit(freedom, tail))


def student_tail(score: ArrayLike, freedom: ArrayLike) -> Any:
    """Return the probability that Student's t of so many degrees of freedom exceeds a score, elementwise."""
    return special.stdtr(freedom, -score)
