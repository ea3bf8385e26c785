"""When networks start to train, runs that never do included: what measurements share."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from deepinit.stats.intervals import Estimate, fraction_interval, sum_interval
from study.verdicts import LEVEL, NotTested

#: How the paper trains.
PAPERS_TRAINING = {
    "data": "mnist",
    "batch_size": 1024,
    "learning_rate": 0.01,
    "max_epochs": 100,
    "target_accuracy": 0.2,
}
_IMAGES = {"mnist_subset": "10,000", "mnist": "60,000"}


def images_used(s: SimpleNamespace) -> str:
    """Return how many images the runs were trained on, in words."""
    return f"{_IMAGES[s.data]} training images"


def worst_fraction(runs: pd.DataFrame, size: str, smallest: bool) -> tuple[Estimate, str]:
    """Return the fraction of runs that reached the target before the cap, at one size, and counts.

    Args:
        runs: rows of one kind of network.
        size: "depth" or "modules", the column each of whose values is a point.
        smallest: the point with the smallest fraction; otherwise the one with the largest.

    Returns:
        The fraction, and where it was found among how many, in words. "At every point" is shown if
        each point by itself shows it, and refuted by one point, for which the level of that end of
        the interval allows for the number of points.
    """
    reached = (runs["status"] == "reached").groupby(runs[size]).agg(["sum", "size"])
    fractions = reached["sum"] / reached["size"]
    worst = fractions.idxmin() if smallest else fractions.idxmax()
    hits, count = (int(number) for number in reached.loc[worst])
    at = {"depth": "at depth {}", "modules": "with {} modules"}[size]
    range_of_sizes = f"{runs[size].min()} to {runs[size].max()}"
    diverged = int((runs["status"] == "diverged").sum())
    each = fraction_interval(hits, count, LEVEL)
    any_of = fraction_interval(hits, count, 1 - (1 - LEVEL) / len(reached))
    ends = (each.low, any_of.high) if smallest else (any_of.low, each.high)
    return Estimate(each.value, *ends), (
        f"{hits} of {count} runs {at.format(worst)}; of all {len(runs)} {at.format(range_of_sizes)}, "
        f"{reached['sum'].sum()} started and {diverged} diverged"
    )


def geometric_mean(runs: pd.DataFrame) -> float:
    """Return that of the epochs until the runs start, the cap counted."""
    return float(np.exp(np.log(runs["epochs"]).mean()))


def difference_of_scores(
    left: pd.DataFrame, right: pd.DataFrame, match: str, level: float = LEVEL
) -> Estimate:
    """Return the difference of mean ln epochs, the cap counted, with Welch's interval.

    Args:
        left: runs from which `right` is subtracted.
        right: other runs.
        match: column; the difference is taken at each of its values, and averaged.
        level: of the interval.

    Raises:
        NotTested: they have no runs, different values of `match`, or no spread.
    """
    sides = [
        np.log(side["epochs"]).groupby(side[match]).agg(["mean", "var", "size"])
        for side in (left, right)
    ]
    first, second = sides
    if first.empty or not first.index.equals(second.index):
        raise NotTested(f"needs runs of both at the same {match}")
    both = pd.concat(sides)
    errors = both["var"] / both["size"] / len(first) ** 2
    if not errors.sum() > 0:
        raise NotTested("all runs take equally many epochs")
    value = (first["mean"] - second["mean"]).mean()
    return sum_interval(value, errors, both["size"] - 1, level)
