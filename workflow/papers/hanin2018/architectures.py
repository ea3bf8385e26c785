"""When networks of several width patterns start to train: what both parts of Figure 3 share.

Scores are logarithms of the epochs until a run starts, the cap counted for runs that never do: their
means are estimates of the mean log time restricted to the cap.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.stats.explained_variance import FEWEST_RUNS
from deepinit.stats.intervals import sum_interval
from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.looks import looks
from papers.hanin2018.starts import two_panels
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested


def panels_of_patterns(
    frame: pd.DataFrame, s: SimpleNamespace, column: str, letter: str
) -> tuple[Page, list[Axes]]:
    """Return a page with mean and median of the epochs against one column, and its two axes."""
    patterns = looks(s.patterns, lambda name: WIDTH_PATTERNS[name].label)
    shift = 0.006 * np.ptp(frame[column])
    return two_panels(frame, s, "pattern", patterns, column, shift, letter)


def enough_runs(data: FigureData) -> pd.DataFrame:
    """Return the runs of Figure 3a.

    Raises:
        NotTested: too few a point.
    """
    frame = data.tables["fig3a"]
    if frame["run"].nunique() < FEWEST_RUNS:
        raise NotTested(f"needs {FEWEST_RUNS} runs a point")
    return frame


def _difference(rows: pd.DataFrame, left: dict, right: dict, match: str) -> Measurement:
    """Mean over the values of `match` of the difference of mean scores, with Welch's interval."""
    sides = []
    for side in (left, right):
        chosen = rows
        for column, value in side.items():
            chosen = chosen[chosen[column] == value]
        sides.append(chosen.assign(score=np.log(chosen["epochs"])).groupby(match)["score"])
    first, second = (side.agg(["mean", "var", "size"]) for side in sides)
    if first.empty or not first.index.equals(second.index):
        raise NotTested(f"needs runs of {left} and of {right}")
    errors = pd.concat([side["var"] / side["size"] for side in (first, second)])
    freedom = pd.concat([first, second])["size"] - 1
    value = float((first["mean"] - second["mean"]).mean())
    means = [np.exp(side["mean"].mean()) for side in (first, second)]
    return Measurement(
        sum_interval(value, errors / len(first) ** 2, freedom, LEVEL),
        note=f"geometric means {means[0]:.3g} and {means[1]:.3g} epochs, {first['size'].min():g} runs "
        f"at each of {2 * len(first)} points",
    )


def difference_of_patterns(
    data: FigureData, left: str, right: str, shallowest: int = 1
) -> Measurement:
    """Mean ln epochs of one pattern less that of another at the same depths."""
    frame = enough_runs(data)
    frame = frame[frame["depth"] >= shallowest]
    return _difference(frame, {"pattern": left}, {"pattern": right}, "depth")


def difference_of_depths(data: FigureData, pattern: str) -> Measurement:
    """Mean ln epochs at the greatest depth less that at the smallest."""
    frame = enough_runs(data)
    deepest, shallowest = int(frame["depth"].max()), int(frame["depth"].min())
    if deepest < 2 * shallowest:
        raise NotTested("needs a depth twice the smallest")
    return _difference(
        frame[frame["pattern"] == pattern], {"depth": deepest}, {"depth": shallowest}, "pattern"
    )
