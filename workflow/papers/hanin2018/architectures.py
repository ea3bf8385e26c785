"""When networks of several width patterns start to train: what both parts of Figure 3 measure.

Scores are logarithms of the epochs until a run starts, the cap counted for runs that never do: their
means are estimates of the mean log time restricted to the cap. All runs are those with trained biases.

A statement on several contrasts at once, "at every depth", is shown if each contrast by itself shows
it, and refuted by one: for that end of the interval the level allows for the number of contrasts.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from deepinit.stats.intervals import Estimate
from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.explained_variance import FEWEST_RUNS
from papers.hanin2018.starts import difference_of_scores, geometric_mean
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested


def enough_runs(data: FigureData, patterns: Sequence[str]) -> pd.DataFrame:
    """Return the runs of Figure 3a with trained biases of some patterns.

    Raises:
        NotTested: a pattern is missing, or has too few runs per point.
    """
    frame = data.rows("fig3a", biases="trained")
    frame = frame[frame["pattern"].isin(patterns)]
    if absent := set(patterns) - set(frame["pattern"]):
        raise NotTested(f"needs runs of {', '.join(sorted(absent))}")
    if frame.groupby(["pattern", "depth"]).size().min() < FEWEST_RUNS:
        raise NotTested(f"needs {FEWEST_RUNS} runs per point")
    return frame


def difference_of_depths(data: FigureData, pattern: str) -> Measurement:
    """Mean ln epochs at the greatest depth less that at the smallest."""
    frame = enough_runs(data, [pattern])
    deepest, shallowest = int(frame["depth"].max()), int(frame["depth"].min())
    if deepest < 2 * shallowest:
        raise NotTested("needs a depth twice the smallest")
    sides = [frame[frame["depth"] == depth] for depth in (deepest, shallowest)]
    means = [geometric_mean(side) for side in sides]
    return Measurement(
        difference_of_scores(*sides, "pattern"),
        note=f"geometric means {means[0]:.3g} and {means[1]:.3g} epochs at depths {deepest} and "
        f"{shallowest}, {len(sides[0])} runs each",
    )


class _Contrast(NamedTuple):
    """A difference of mean scores, with intervals of `LEVEL` and of that for any of all contrasts."""

    name: str
    alone: Estimate
    together: Estimate


def _contrasts(
    frame: pd.DataFrame, pairs: Sequence[tuple[str, str]], groups: Sequence[Sequence[int]]
) -> list[_Contrast]:
    """Return the mean scores of the first pattern less the second's, mean over each group of depths."""
    level = 1 - (1 - LEVEL) / (len(pairs) * len(groups))
    found = []
    for first, second in pairs:
        for group in groups:
            part = frame[frame["depth"].isin(group)]
            sides = [part[part["pattern"] == pattern] for pattern in (first, second)]
            labels = [WIDTH_PATTERNS[pattern].label for pattern in (first, second)]
            name = " against ".join(labels) + (f" at depth {group[0]}" if len(group) == 1 else "")
            estimates = [difference_of_scores(*sides, "depth", at) for at in (LEVEL, level)]
            found.append(_Contrast(name, *estimates))
    return found


def least_difference(
    data: FigureData, later: list[str], earlier: str, by_depth: bool = False
) -> Measurement:
    """Smallest of the mean ln epochs of several patterns less those of one, at the same depths.

    Mean over the depths, or at each depth by itself.
    """
    frame = enough_runs(data, [*later, earlier])
    depths = sorted(frame["depth"].unique())
    groups = [[depth] for depth in depths] if by_depth else [depths]
    found = _contrasts(frame, [(pattern, earlier) for pattern in later], groups)
    least = min(found, key=lambda contrast: contrast.alone.value)
    above = sum(contrast.alone.value > 0 for contrast in found)
    shown = sum(contrast.alone.low > 0 for contrast in found)
    return Measurement(
        Estimate(
            least.alone.value,
            min(contrast.alone.low for contrast in found),
            min(contrast.together.high for contrast in found),
        ),
        note=f"{least.name}; of {len(found)} differences {above} are positive, {shown} by themselves "
        f"beyond doubt; {_runs_of(frame)}",
    )


def largest_difference(data: FigureData, patterns: list[str]) -> Measurement:
    """Largest size of a difference between the mean ln epochs of two of several patterns, at any depth.

    It is no smaller than the mean over depths of a difference, which is better known and is one of the
    contrasts for that reason.
    """
    frame = enough_runs(data, patterns)
    depths = sorted(frame["depth"].unique())
    groups = [*([depth] for depth in depths), depths]
    found = _contrasts(frame, list(combinations(patterns, 2)), groups)
    largest = max(found, key=lambda contrast: abs(contrast.alone.value))
    sizes = [(abs(each.alone.value), each.alone, each.together) for each in found]
    means = ", ".join(
        f"{WIDTH_PATTERNS[pattern].label} {geometric_mean(part):.3g}"
        for pattern, part in frame.groupby("pattern")
    )
    return Measurement(
        Estimate(
            max(size for size, *_ in sizes),
            max(max(size - together.half_width, 0) for size, _, together in sizes),
            max(size + alone.half_width for size, alone, _ in sizes),
        ),
        note=f"{largest.name}: {largest.alone.value:+.3f} [{largest.alone.low:+.3f}, "
        f"{largest.alone.high:+.3f}]; geometric means over depths: {means}; {_runs_of(frame)}",
    )


def _runs_of(frame: pd.DataFrame) -> str:
    return f"{frame['run'].nunique()} runs per point"
