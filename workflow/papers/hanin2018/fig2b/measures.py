"""When residual networks start, and what the mean length says of it (Hanin & Rolnick 2018, Figure 2b)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from deepinit.stats.intervals import bootstrap, log10_mean, sum_interval
from papers.hanin2018.scales import RECIPROCAL
from papers.hanin2018.starts import (
    difference_of_scores,
    geometric_mean,
    images_used,
    worst_fraction,
)
from study.figure_data import FigureData, Tables
from study.verdicts import LEVEL, Measurement, NotTested

_FEWEST, _FEWEST_NETWORKS = 10, 20


def times(runs: pd.DataFrame, cap: float) -> pd.DataFrame:
    """Return the runs with, as "epochs", the time to the first check that finds the target.

    The cap counts for runs that never start or diverge.
    """
    return runs.assign(epochs=runs["first_reached"].where(runs["status"] == "reached", cap))


def mean_lengths(lengths: pd.DataFrame) -> pd.DataFrame:
    """Return log10 E M_L/M_0 of ReLU-ended modules by base and modules, from Figure 2a's table."""
    rows = lengths[(lengths["sampler"] == "population") & (lengths["ending"] == "relu")]
    groups = rows.groupby(["base", "modules"])["log10_length"]
    return groups.apply(log10_mean).rename("log10_mean_length").reset_index()


def started(
    data: FigureData, s: SimpleNamespace, ending: str, base: float,
    smallest: bool = True, fewest: int = 20,
) -> Measurement:  # fmt: skip
    """Fraction of runs that reached the target before the cap, at one number of modules.

    Of all numbers of modules from `fewest` on, the one with the smallest fraction, or with the
    largest where `smallest` is false.
    """
    rows = data.rows("fig2b", ending=ending, base=base)
    rows = rows[rows["modules"] >= fewest]
    if rows.empty:
        raise NotTested(f"needs {fewest} modules or more")
    fraction, counts = worst_fraction(rows, "modules", smallest)
    return Measurement(fraction, note=f"{counts}; {images_used(s)}")


def slowing(data: FigureData, s: SimpleNamespace, ending: str, base: float) -> Measurement:
    """Factor by which the time to the first check at the target grows with ten times as many modules.

    Of the geometric mean of the runs, the cap counted for those that never start, along the least-squares
    line of its logarithm in that of the number of modules, from ten on.
    """
    rows = times(data.rows("fig2b", ending=ending, base=base), s.max_epochs)
    rows = rows[rows["modules"] >= 10]
    scores = np.log(rows["epochs"]).groupby(rows["modules"]).agg(["mean", "var", "size"])
    if len(scores) < 3 or scores.index.max() < 50 or scores["size"].min() < _FEWEST:
        raise NotTested(f"needs {_FEWEST} runs with 10 modules, five times as many and others")
    places = np.log10(scores.index.to_numpy())
    weights = (places - places.mean()) / np.sum((places - places.mean()) ** 2)
    errors = weights**2 * scores["var"] / scores["size"]
    slope = sum_interval(weights @ scores["mean"], errors, scores["size"] - 1, LEVEL)
    means = ", ".join(f"{np.exp(mean):.3g} at {count}" for count, mean in scores["mean"].items())
    return Measurement(
        slope.map(np.exp),
        note=f"geometric mean epochs {means} modules; {scores['size'].min()} runs each; {images_used(s)}",
    )


def gap(
    data: FigureData, s: SimpleNamespace, later: float, earlier: float, fewest: int
) -> Measurement:
    """Mean ln time to the start at one b less that at another, mean over numbers of modules.

    Of the runs that start: a few that diverge, counted with the cap, would make up much of the mean and
    nearly all of its variance.
    """
    sides, means = [], []
    for base in (later, earlier):
        runs = data.rows("fig2b", ending="relu", base=base)
        runs = runs[runs["modules"] >= fewest]
        reached = times(runs[runs["status"] == "reached"], s.max_epochs)
        sides.append(reached)
        means.append(
            f"{geometric_mean(reached):.3g} epochs at b = {base:g}, where {len(reached)} of "
            f"{len(runs)} runs start,"
        )
    return Measurement(
        difference_of_scores(*sides, "modules"),
        note=f"geometric means {' and '.join(means)} {fewest} modules or more; {images_used(s)}",
    )


def _scale(base: float) -> str:
    return "η = 1/L" if base == RECIPROCAL else f"b = {base:g}"


def _standard_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks along the last axis, of mean 0 and mean square 1."""
    ranks = scipy.stats.rankdata(values, axis=-1)
    ranks -= ranks.mean(axis=-1, keepdims=True)
    return ranks / np.sqrt((ranks**2).mean(axis=-1, keepdims=True))


def length_predicts_start(table: pd.DataFrame, tables: Tables, s: SimpleNamespace) -> Measurement:
    """Spearman's correlation of E M_L with the mean ln time to the start, over ReLU-ended networks.

    Over these kinds of network, scales and numbers of modules: the interval is that of the runs, which are
    resampled. It says nothing of other scales.
    """
    runs = times(table[table["ending"] == "relu"], s.max_epochs)
    keys = ["base", "modules"]
    logs = runs.assign(log=np.log(runs["epochs"])).pivot(index="run", columns=keys, values="log")
    scores = logs.mean().rename("epochs").reset_index()
    both = scores.merge(mean_lengths(tables["fig2a"]), on=keys)
    if len(both) < _FEWEST_NETWORKS:
        raise NotTested(f"needs {_FEWEST_NETWORKS} kinds of network")
    ranks = _standard_ranks(both["log10_mean_length"].to_numpy())

    def correlation(some: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        return (ranks * _standard_ranks(some.mean(axis=axis))).mean(axis=-1)

    compared = logs[list(zip(both["base"], both["modules"], strict=True))].to_numpy()
    within = ", ".join(
        f"{scipy.stats.spearmanr(rows['log10_mean_length'], rows['epochs']).statistic:.2f} at {_scale(base)}"
        for base, rows in both.groupby("base")
    )
    number = scipy.stats.spearmanr(both["modules"], both["epochs"]).statistic
    return Measurement(
        bootstrap(compared, correlation, LEVEL),
        note=f"{len(both)} kinds of network (scales and number of modules), their runs resampled; "
        f"within one scale {within}; of the number of modules with the time {number:.2f}; {images_used(s)}",
    )
