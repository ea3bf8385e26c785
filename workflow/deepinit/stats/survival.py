"""When runs start that may never do so: medians of censored times.

A run that has not started by the cap is a censored observation: its time is known only to exceed
the cap. A run that diverged never starts, and counts as one that met the cap. Censoring it when it
diverged would be wrong: the Kaplan–Meier estimator takes a censored run to be as likely to start
later as the runs that are left.

All censoring is then at one time, the cap. Up to the cap the estimator is the plain fraction of runs,
order statistics are known, and the median's interval from them is exact whatever the law. The mean
in which runs that never start count as the cap is the mean restricted to the cap, E min(T, cap).
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from deepinit.stats.intervals import Estimate, TooFewReplicates


def median_time(times: ArrayLike, started: ArrayLike, level: float = 0.95) -> Estimate:
    """Return the Kaplan–Meier median of independent times with an exact interval.

    Args:
        times: time of the start, or the cap, shape (runs,).
        started: whether the run started; all others are censored at the cap.
        level: least coverage of the interval.

    Returns:
        The first time by which half of the runs have started. It is infinite where fewer have by
        the cap, and so is an upper end that the runs do not bound; such a lower end is 0.

    Raises:
        TooFewReplicates: fewer than two runs.
    """
    times, started = np.asarray(times, dtype=np.float64), np.asarray(started, dtype=bool)
    if len(times) < 2:
        raise TooFewReplicates("a median needs at least two independent runs")
    survival = stats.ecdf(stats.CensoredData(uncensored=times[started], right=times[~started])).sf
    below = survival.quantiles[survival.probabilities <= 0.5]
    median = float(below[0]) if len(below) else np.inf
    # [T_(k), T_(n+1−k)] misses the median with probability 2 P(Bin(n, ½) < k) at most.
    known = np.sort(np.where(started, times, np.inf))
    rank = int(stats.binom.ppf((1 - level) / 2, len(times), 0.5))
    if rank < 1:
        return Estimate(median, 0.0, np.inf)
    return Estimate(median, float(known[rank - 1]), float(known[-rank]))
