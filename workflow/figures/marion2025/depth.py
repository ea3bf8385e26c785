"""Change of outputs and gradients against depth, iid weights (Marion et al. 2025, Figures 1, 3)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from deepinit.stats.intervals import log10_mean_interval
from study.style import PUBLISHED, depth_axis, line_with_band

LABELS = {
    "log10_output_change": r"$\|h_L - h_0\| \, / \, \|h_0\|$",
    "log10_gradient_change": r"$\|p_0 - p_L\| \, / \, \|p_L\|$",
}


def mean_curve(axis: Axes, frame: pd.DataFrame, column: str, **line: Any) -> pd.DataFrame:
    """Draw the mean of 10^column against depth with its 95 % bootstrap interval; return it."""
    rows = {depth: log10_mean_interval(group[column]) for depth, group in frame.groupby("depth")}
    curve = 10 ** pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
    line_with_band(axis, curve.index, curve["mean"], curve["low"], curve["high"], **line)
    return curve


def fine_depths(depths: list[int]) -> np.ndarray:
    """Return whole numbers, dense enough for a smooth curve, from the least to the greatest."""
    return np.unique(np.geomspace(min(depths), max(depths), 60).astype(int))


def theory_curve(
    axis: Axes, depths: list[int], root: Callable[[int], float], label: str, **line: Any
) -> None:
    """Draw `root`, a function of the depth, dashed."""
    fine = fine_depths(depths)
    axis.plot(
        fine, [root(int(L)) for L in fine], "--", **{"color": "0.4", "lw": 0.9, **line}, label=label
    )


def published_points(axis: Axes, path: Path, beta: float, depths: list[int]) -> None:
    """Draw the published means at one β where they are known, as crosses."""
    frame = pd.read_csv(path)
    read = frame[(frame["beta"] == beta) & frame["depth"].isin(depths)]
    if len(read):
        axis.plot(read["depth"], read["ratio"], **PUBLISHED, label="published")


def finish_panels(axes: np.ndarray, betas: list[float], depths: list[int], column: str) -> None:
    """Give the panels titles and axes: logarithmic where values span more than a decade."""
    for axis, beta, letter in zip(axes, betas, "abcdefgh", strict=False):
        depth_axis(axis, depths)
        axis.set_title(f"({letter}) β = {beta:g}")
        values = np.concatenate([line.get_ydata() for line in axis.get_lines()])
        if values.max() > 15 * values.min():
            axis.set_yscale("log")
        else:
            axis.set_ylim(0, 1.5 * values.max())
    axes[0].set_ylabel(LABELS[column])
