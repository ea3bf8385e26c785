"""The ratio of two means of the same replicates, with Fieller's interval."""

import numpy as np
from numpy.typing import ArrayLike

from deepinit.stats.intervals import Estimate, check_replicates
from deepinit.stats.scores import student_score


def ratio_of_means(numerators: ArrayLike, denominators: ArrayLike, level: float) -> Estimate:
    """Return mean(numerators)/mean(denominators), the replicates being paired.

    Fieller (1954): the ratios ρ at which the mean of numerator − ρ denominator does not differ from 0
    by Student's test; exact for normal pairs. Where the denominators' mean does not differ from 0
    itself these ρ have no bounds, and the interval is infinite.

    Raises:
        TooFewReplicates: fewer than two pairs.
    """
    top, bottom = (np.asarray(part, dtype=np.float64) for part in (numerators, denominators))
    check_replicates(top)
    means = np.array([top.mean(), bottom.mean()])
    spread = np.cov(top, bottom) / len(top) * student_score((1 - level) / 2, len(top) - 1) ** 2
    value = float(means[0] / means[1]) if means[1] else float("nan")
    # (top − ρ bottom)² = t² var(top − ρ bottom) is a quadratic equation in ρ.
    quadratic = means[1] ** 2 - spread[1, 1]
    if quadratic <= 0:
        return Estimate(value, -np.inf, np.inf)
    middle = (means[0] * means[1] - spread[0, 1]) / quadratic
    square = middle**2 - (means[0] ** 2 - spread[0, 0]) / quadratic
    half = float(np.sqrt(max(square, 0.0)))
    return Estimate(value, float(middle) - half, float(middle) + half)
