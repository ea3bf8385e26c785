"""Whether groups of runs lie on one smooth curve of a number of theirs: the F test of lack of fit.

Group a of A has R independent runs with mean s_a about a true mean μ_a, and pooled variance σ² within
groups on A(R − 1) degrees of freedom. A parabola in x, of k = 3 parameters, is fitted to the means. With δ_a
what it leaves of the true ones,

    F = R Σ_a (s_a − fit_a)²/(A − k) / σ̂²

has the F distribution with A − k and A(R − 1) degrees of freedom and noncentrality R Σ δ_a²/σ². Normal
runs with one variance are assumed; means of many runs forgive the first.
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from deepinit.stats.intervals import Estimate

#: Of a parabola.
PARAMETERS = 3


class LackOfFit(NamedTuple):
    """How far groups are from one curve.

    Attributes:
        departure: root mean square of δ over the groups, in the unit of the scores; where runs
            scatter as much as groups or more the estimate is 0.
        chance: level of the F test of δ = 0.
    """

    departure: Estimate
    chance: float


def residual_maker(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix (A, A) that takes scores of A groups to what a parabola in x leaves of them."""
    centred = (x - x.mean()) / x.std()
    powers = np.linalg.qr(np.vander(centred, PARAMETERS))[0]
    return np.eye(len(x)) - powers @ powers.T


def lack_of_fit(runs: ArrayLike, x: ArrayLike, level: float) -> LackOfFit:
    """Return the departure of groups from a parabola, with an interval from the noncentral F.

    Args:
        runs: score of each run, shape (groups, runs), four groups or more and two runs or more.
        x: a number of each group, three different ones or more.
        level: of the interval.
    """
    scores, x = np.asarray(runs, dtype=np.float64), np.asarray(x, dtype=np.float64)
    groups, replicates = scores.shape
    free, error_free = groups - PARAMETERS, groups * (replicates - 1)
    left = replicates * np.square(residual_maker(x) @ scores.mean(axis=1)).sum()
    variance = scores.var(axis=1, ddof=1).mean()
    f = left / free / variance

    def departure(noncentrality: float) -> float:
        return float(np.sqrt(noncentrality * variance / (groups * replicates)))

    def end(chance: float) -> float:
        """Return the noncentrality at which a smaller F has this chance."""
        if scipy.stats.f.cdf(f, free, error_free) <= chance:
            return 0.0
        top = 10.0 * (free + f * free)
        return optimize.brentq(
            lambda n: scipy.stats.ncf.cdf(f, free, error_free, n) - chance, 1e-9, top
        )

    value = departure(max(0.0, (f - 1) * free))
    tail = (1 - level) / 2
    estimate = Estimate(value, departure(end(1 - tail)), departure(end(tail)))
    return LackOfFit(estimate, float(scipy.stats.f.sf(f, free, error_free)))
