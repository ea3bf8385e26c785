"""When networks start to train, runs that never do included: panels, and what measurements share."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from deepinit.stats.intervals import Estimate, fraction_interval, sum_interval
from deepinit.stats.survival import median_time
from study.verdicts import LEVEL, NotTested

#: Least coverage of the medians' intervals; five runs do not bound a median at 95 %.
MEDIAN_LEVEL = 0.9
Looks = Mapping[Any, Mapping[str, Any]]
_IMAGES = {"mnist_subset": "10,000", "mnist": "60,000"}


def mean_panel(axis: Axes, frame: pd.DataFrame, curve: str, looks: Looks, x: Looks) -> None:
    """Draw the mean epochs, the cap counted, and every run.

    Args:
        axis: where.
        frame: table of the runs.
        curve: column whose values are drawn as curves of their own.
        looks: that value ↦ colour, marker and label.
        x: that value ↦ (column of the horizontal axis, shift of the curve along it).
    """
    for value, look in looks.items():
        runs = frame[frame[curve] == value]
        column, shift = x[value]
        mean = runs.groupby(column)["epochs"].mean()
        axis.plot(mean.index + shift, mean, lw=0.9, ms=3.2, **look)
        reached = runs["status"] == "reached"
        for group, face in ((runs[reached], look["color"]), (runs[~reached], "none")):
            axis.plot(group[column] + shift, group["epochs"], ls="none", ms=1.6, lw=0.5, alpha=0.35,
                      marker=look["marker"], color=look["color"], markerfacecolor=face)  # fmt: skip


def median_panel(
    axis: Axes, frame: pd.DataFrame, curve: str, looks: Looks, x: Looks, cap: float,
    time: str = "epochs",
) -> None:  # fmt: skip
    """Draw the Kaplan–Meier median with its interval; open above the cap where it is not reached.

    Args:
        axis: where, as with all others in `mean_panel`.
        frame: table of the runs.
        curve: as in `mean_panel`.
        looks: as in `mean_panel`.
        x: as in `mean_panel`.
        cap: epochs after which a run that has not started is given up.
        time: column of the times, in epochs.
    """
    beyond = 1.35 * cap
    for value, look in looks.items():
        runs = frame[frame[curve] == value]
        column, shift = x[value]
        places, medians = [], []
        for place, group in runs.groupby(column):
            started = (group["status"] == "reached").to_numpy()
            places.append(place + shift)
            medians.append(median_time(group[time].fillna(cap), started, MEDIAN_LEVEL))
        places = np.array(places)
        middle, low, high = np.minimum(np.array(medians, dtype=float).T, beyond)
        known = middle < beyond
        plain = {key: part for key, part in look.items() if key != "label"}
        axis.plot(places[known], middle[known], lw=0.9, ms=3.2, **look)
        axis.vlines(places, np.maximum(low, axis.get_ylim()[0]), high, lw=0.8, color=look["color"],
                    alpha=0.6)  # fmt: skip
        axis.plot(
            places[~known], middle[~known], ls="none", ms=3.2, markerfacecolor="white", **plain
        )


def mark_cap(axis: Axes, cap: float) -> None:
    """Draw a line at the cap."""
    axis.axhline(cap, color="0.5", lw=0.7, ls=":", zorder=0)
    axis.annotate("cap", (0, cap), xycoords=("axes fraction", "data"), xytext=(2, 2.5),
                  textcoords="offset points", fontsize=6, color="0.4")  # fmt: skip


def epochs_axis(axis: Axes, lowest: float, cap: float, ylabel: str = "") -> None:
    """Make the vertical axis one of epochs, with a line at the cap."""
    axis.set(yscale="log", ylim=(lowest, 1.75 * cap), ylabel=ylabel)
    mark_cap(axis, cap)
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.yaxis.set_minor_formatter(lambda value, _: "")


def training_text(s: SimpleNamespace) -> str:
    """Return what the runs were trained on and how, for the small print."""
    return (
        f"{s.runs} runs a point; {_IMAGES[s.data]} images, batch {s.batch_size}, "
        f"rate {s.learning_rate:g}. Left: mean, the cap counted for runs that never start or "
        f"diverge (dots: runs, open: those). Right: Kaplan–Meier median, exact intervals of "
        f"{100 * MEDIAN_LEVEL:g} % or more, open above the cap: not reached"
    )


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
