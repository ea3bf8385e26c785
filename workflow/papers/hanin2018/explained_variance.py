"""How much of the variance between architectures one number of theirs explains.

Architecture a has R independent runs and the score s_a, the mean over its runs of the log of the
epochs until they start, those that never start counted as the cap: an estimate without bias of the
mean log time restricted to the cap. Over the A architectures,

    between = Var(s) − mean(v),   v_a = (sample variance of the runs of a)/R,
    left = (sum of squares that a quadratic polynomial in x leaves)/(A − 3) − mean(v),

are estimates of the variance of the true scores and of what x leaves of it, free of the runs' own
noise; the share that x explains is 1 − left/between. A polynomial has three parameters whatever x is,
so that shares of two numbers compare; a monotone step function would have as many steps as x has
values, which are few for the depth and many for β.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deepinit.stats.intervals import BOOTSTRAP_SEED, Estimate
from papers.hanin2018.lack_of_fit import PARAMETERS, residual_maker
from study.verdicts import NotTested

#: Fewer architectures, or runs of each, give shares that say nothing.
FEWEST_ARCHITECTURES, FEWEST_RUNS = 24, 10
_RESAMPLES_AT_ONCE = 500


class Shares(NamedTuple):
    """Shares of the variance between architectures, and the difference of the first two.

    Attributes:
        first: explained by the first number.
        second: explained by the second.
        gain: first − second.
    """

    first: Estimate
    second: Estimate
    gain: Estimate


def _shares(
    scores: NDArray[np.float64], noise: NDArray[np.float64], makers: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return the explained shares, (…, numbers), from scores (…, A) and mean noise (…)."""
    count = scores.shape[-1]
    between = scores.var(axis=-1, ddof=1) - noise
    left = [
        np.square(scores @ maker).sum(axis=-1) / (count - PARAMETERS) - noise for maker in makers
    ]
    return 1 - np.stack(left, axis=-1) / between[..., None]


def scores_of_runs(
    frame: pd.DataFrame, place: Sequence[str]
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return the architectures, one row each, and ln epochs of their runs (architectures, runs).

    Args:
        frame: one row per run, with `epochs` (the cap for a run that never started).
        place: columns that say which architecture a run belongs to; all have equally many runs.
    """
    groups = frame.groupby(list(place), sort=True)["epochs"]
    scores = np.log(np.stack([group.to_numpy(dtype=np.float64) for _, group in groups]))
    return groups.size().index.to_frame(index=False), scores


def explained_shares(runs: ArrayLike, first: ArrayLike, second: ArrayLike, level: float) -> Shares:
    """Return how much two numbers explain of the variance between architectures.

    The intervals are of the bootstrap over runs within architectures: errors of resampled runs
    against the share that the resampled law itself has, which is without noise, scaled from the observed
    variance between architectures, which has the noise of the runs in it, to that without it. Intervals of
    single shares cover more often than stated. With the recorded runs of Figure 3a for a population, 95 %
    intervals for the difference of the shares missed 4.5 % of 200 samples of 40 runs per architecture.

    Args:
        runs: score of each run, shape (architectures, runs), `FEWEST_ARCHITECTURES` or more and
            `FEWEST_RUNS` or more of each.
        first: a number of each architecture, such as β, at least three different ones.
        second: another, such as the depth.
        level: of the intervals.

    Raises:
        NotTested: architectures that do not differ beyond the noise of their runs.
    """
    runs = np.asarray(runs, dtype=np.float64)
    numbers = [np.asarray(x, dtype=np.float64) for x in (first, second)]
    architectures, replicates = runs.shape
    makers = [residual_maker(x) for x in numbers]

    def measured(sample: NDArray[np.float64]) -> NDArray[np.float64]:
        noise = sample.var(axis=-1, ddof=1).mean(axis=-1) / replicates
        shares = _shares(sample.mean(axis=-1), noise, makers)
        return np.concatenate([shares, shares[..., :1] - shares[..., 1:]], axis=-1)

    centre = runs.mean(axis=1, keepdims=True)
    noise = runs.var(axis=1, ddof=1).mean() / replicates
    between = centre.var(ddof=1)
    if between <= noise:
        raise NotTested("these architectures do not differ beyond the noise of their runs")
    # Resampled means then scatter as much as those of new runs would.
    spread = centre + (runs - centre) * np.sqrt(replicates / (replicates - 1))
    truth = _shares(centre[:, 0], np.zeros(()), makers)
    truth = np.append(truth, truth[0] - truth[1])
    generator = np.random.Generator(np.random.PCG64(BOOTSTRAP_SEED))
    errors, resamples = [], max(2000, round(40 / (1 - level)))
    for start in range(0, resamples, _RESAMPLES_AT_ONCE):
        shape = (min(_RESAMPLES_AT_ONCE, resamples - start), architectures, replicates)
        picks = generator.integers(replicates, size=shape)
        errors.append(measured(np.take_along_axis(spread[None], picks, axis=2)) - truth)
    # Resampled shares are of a variance that has the noise of the runs in it; ours are not.
    wider = np.concatenate(errors) * between / (between - noise)
    low, high = np.quantile(wider, [(1 - level) / 2, (1 + level) / 2], axis=0)
    value = measured(runs)
    return Shares(
        *(
            Estimate(*map(float, parts))
            for parts in zip(value, value - high, value - low, strict=True)
        )
    )
