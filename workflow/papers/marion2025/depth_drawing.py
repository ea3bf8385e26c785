"""Pieces of figures of a ratio against depth (Marion et al. 2025, Figures 1, 3 to 5, 10, 12 to 14)."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.ticker import NullFormatter

from deepinit.resnet.smooth_weights_theory import first_order_mean_squares
from deepinit.stats.intervals import log10_mean_interval
from study.style import (
    PUBLISHED,
    count_axis,
    footnote,
    legend_above,
    letters,
    line_with_band,
    log_ticks,
    panels,
)

_LABELS = {
    "output": r"$\|h_L - h_0\| \, / \, \|h_0\|$",
    "gradient": r"$\|p_0 - p_L\| \, / \, \|p_L\|$",
}


def mean_curve(axis: Axes, frame: pd.DataFrame, column: str, **line: Any) -> None:
    """Draw the mean of the changes of "output" or "gradient" against depth, with its 95 % interval."""
    logs = frame.groupby("depth")[f"log10_{column}_change"]
    rows = {depth: log10_mean_interval(group, 0.95) for depth, group in logs}
    curve = 10 ** pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
    line_with_band(axis, curve.index, curve["mean"], curve["low"], curve["high"], **line)


def theory_curve(
    axis: Axes, depths: list[int], root: Callable[[int], float], label: str, **line: Any
) -> None:
    """Draw `root`, a function of the depth, dashed."""
    fine = np.unique(np.geomspace(min(depths), max(depths), 60).astype(int))
    axis.plot(
        fine, [root(int(L)) for L in fine], "--", **{"color": "0.4", "lw": 0.9, **line}, label=label
    )


def first_order_curve(
    axis: Axes, s: SimpleNamespace, beta: float, column: str, inside: bool = False, **line: Any
) -> None:
    """Draw the root mean square at first order in α of smooth weights, where that says something (β ≥ 1)."""
    if beta < 1:
        return

    def root(depth: int) -> float:
        squares = first_order_mean_squares(depth, s.width, beta, inside=inside)
        return squares[column == "gradient"] ** 0.5

    label = "r.m.s., first order in α" + ", as captioned" * inside
    theory_curve(axis, s.depths, root, label, **line)


def published_means(
    axis: Axes,
    published: Mapping[str, pd.DataFrame],
    beta: float,
    depths: list[int],
    rule: str = "",
) -> None:
    """Draw the published means at one β, where there are any, as crosses with their reading errors.

    Where they are a `rule` evaluated and no readings, as a line with that name.
    """
    if "means" not in published:
        return
    frame = published["means"]
    read = frame[(frame["beta"] == beta) & frame["depth"].isin(depths)]
    if len(read) and rule:
        axis.plot(read["depth"], read["ratio"], color="black", lw=1, ls=":",
                  label=f"published, {rule}")  # fmt: skip
    elif len(read):
        axis.errorbar(read["depth"], read["ratio"], read["reading_error"], **PUBLISHED, elinewidth=0.6,
                      label="published")  # fmt: skip


def depth_page(
    s: SimpleNamespace,
    column: str,
    preset: str,
    panel: Callable[[Axes, float], None],
    height: float,
) -> Page:
    """Return a page of panels, one a β, explained above and in a footnote.

    An axis is logarithmic where values span more than a decade. A narrow range fills a linear axis, so
    that what is flat can be told from what drifts.

    Args:
        panel: draws what is on the axis of one β.
        height: of the page, inches.
    """
    page, axes = panels(len(s.betas), height=height)
    for axis, beta, letter in zip(axes, s.betas, letters(), strict=False):
        panel(axis, beta)
        count_axis(axis, s.depths, "depth L")
        axis.set_title(f"({letter}) β = {beta:g}")
        values = np.concatenate([line.get_ydata() for line in axis.get_lines()])
        if values.max() > 12 * values.min():
            axis.set_yscale("log")
            axis.yaxis.set_minor_formatter(NullFormatter())
            if values.max() < 50 * values.min():
                log_ticks(axis.yaxis)
        else:
            axis.margins(y=0.15)
            axis.set_ylim(bottom=max(0.0, axis.get_ylim()[0]))
    axes[0].set_ylabel(_LABELS[column])
    legend_above(page, axes, columns=3)
    text = f"{s.networks} networks per point, d = {s.width}; bands: 95 % bootstrap intervals"
    footnote(page, preset, text)
    return page
