"""Epochs until training starts, in panels side by side: Figures 1b, 2b, 3a and 3b."""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.ticker import NullLocator
from matplotlib.transforms import offset_copy

from deepinit.stats.intervals import bootstrap
from papers.hanin2018.starts import images_used
from study.recorded import Recorded
from study.style import FULL_WIDTH, footnote, jittered, legend_above

Looks = Mapping[Any, Mapping[str, Any]]
TITLES = {"trained": "biases trained", "none": "no biases (added)"}
#: Points between a curve and the next at the same place.
_ASIDE = 1.0
_TICKS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100)


class Panel(NamedTuple):
    """Runs and how they are drawn.

    Attributes:
        title: above the panel.
        runs: table of the runs; "epochs" are those until the start, the cap for runs that never do.
        column: of the horizontal axis.
        cap: epochs after which a run that has not started is given up.
        counts: whether the runs that never started are counted below.
        lines: whether the points of a curve are joined, and moved so that intervals do not hide one another.
    """

    title: str
    runs: pd.DataFrame
    column: str
    cap: float
    counts: bool = True
    lines: bool = True


def panels_by_biases(
    table: pd.DataFrame, s: SimpleNamespace, preset: str, recorded: Recorded | None, *, letter: str,
    curve: str, looks: Looks, column: str, label: str, thin: Sequence[Any] = (),
) -> Page:  # fmt: skip
    """Return a page with a panel for each kind of biases.

    Runs that never started are counted below panels against the depth.

    Args:
        table: of the runs; `column` as in `Panel`.
        s: settings of the training.
        recorded: the figure at the paper's scale; where other images stand for the paper's it has panels
            of its own.
        letter: of the published panel.
        curve, looks: as in `panels_of_starts`.
        label: of the horizontal axes.
        thin: values of `curve` that the paper does not have.
    """
    counts = column == "depth"
    primes = {"trained": ("", "″"), "none": ("′", "‴")}
    panels = [
        Panel(f"({letter}{primes[b][0]}) {TITLES[b]}", runs, column, s.max_epochs, counts)
        for b in s.biases
        if len(runs := table[table["biases"] == b])
    ]
    at_scale = ""
    if recorded is not None and s.data != recorded.settings.data:
        own, of_each = recorded.settings, []
        sizes = {"trained": f"{own.runs} runs", "none": f"{own.runs_apart} without biases"}
        curves = [value for value in looks if value not in thin]
        rows = recorded.table
        shown = rows[rows[curve].isin(curves) & rows["biases"].isin(s.biases)]
        for b, runs in shown.groupby("biases", sort=False):
            title = f"({letter}{primes[b][1]}) as ({letter}{primes[b][0]}),\nthe paper's scale"
            panels.append(Panel(title, runs, column, own.max_epochs, counts))
            of_each.append(sizes[b])
        if of_each:
            at_scale = f"; at the paper's scale {', '.join(of_each)}, {images_used(own)}, batch "
            at_scale += f"{own.batch_size}, recorded ({recorded.made})"
    page, axes = panels_of_starts(panels, curve, looks, thin)
    page.axes[0].set_ylabel(f"mean epochs to {round(100 * s.target_accuracy)} % accuracy")
    for axis, panel in zip(axes, panels, strict=True):
        axis.set_xlabel(label)
        if counts:
            depths = sorted(panel.runs[column].unique())
            axis.set_xticks(depths)
            axis.tick_params(axis="x", labelsize=5.5 if len(depths) < 9 else 4.6)
    text = (
        f"{s.runs} runs per point with biases trained from zero, {s.runs_apart} of what is added; "
        f"{images_used(s)}, batch {s.batch_size}, rate {s.learning_rate:g}{at_scale}. Means, the cap "
        "counted for runs that never start or diverge, with 95 % bootstrap intervals; open: some never "
        "started"
    )
    footnote(page, preset, text + ("; grey: added, without intervals" if thin else ""))
    return page


def panels_of_starts(
    panels: Sequence[Panel], curve: str, looks: Looks, thin: Sequence[Any] = (), columns: int = 3
) -> tuple[Page, list[Axes]]:
    """Return a page with the mean epochs, the cap counted, and its lowest axes, one a panel.

    Args:
        panels: from left to right.
        curve: column whose values are drawn as curves of their own.
        looks: that value ↦ colour, marker and label.
        thin: values of `curve` that are drawn thin and without intervals, and not counted below.
        columns: of the legend.
    """
    shown = [value for value in looks if value not in thin]
    rows = [_failing(panel.runs, curve, shown) if panel.counts else [] for panel in panels]
    most = max(map(len, rows))
    heights = [2.9, 0.3 + 0.13 * most][: 1 + bool(most)]
    page, grid = plt.subplots(
        len(heights), len(panels), figsize=(FULL_WIDTH, 0.4 + sum(heights)), sharex="col",
        squeeze=False, height_ratios=heights,
        width_ratios=[1 if panel.counts or not most else 0.75 for panel in panels],
    )  # fmt: skip
    tops, lowest = [], []
    for number, (panel, failing) in enumerate(zip(panels, rows, strict=True)):
        axes = list(grid[:, number])
        if not panel.counts:
            for axis in axes:
                axis.remove()
            axes = [page.add_subplot(grid[0, 0].get_gridspec()[:, number])]
        _means(axes[0], panel, curve, looks, thin)
        axes[0].set_title(panel.title)
        if most and panel.counts:
            _never_started(axes[1], panel, curve, looks, failing, most)
        tops.append(axes[0])
        lowest.append(axes[-1])
    legend_above(page, tops, columns)
    return page, lowest


def _failing(runs: pd.DataFrame, curve: str, values: Iterable[Any]) -> list[Any]:
    """Return the curves of which a run never started."""
    never = runs[runs["status"] != "reached"]
    return [value for value in values if (never[curve] == value).any()]


def _means(axis: Axes, panel: Panel, curve: str, looks: Looks, thin: Sequence[Any]) -> None:
    """Draw the mean epochs, the cap counted, with 95 % intervals; open where a run never started."""
    runs, cap, ends = panel.runs, panel.cap, []
    steps = jittered(0, len(looks), _ASIDE if panel.lines else 0)
    for step, (value, look) in zip(steps, looks.items(), strict=True):
        groups = list(runs[runs[curve] == value].groupby(panel.column))
        if not groups:
            continue
        places = np.array([place for place, _ in groups])
        # On the axis of logarithms, where an interval cannot reach below zero.
        spans = [bootstrap(group["epochs"], _log_mean, 0.95) for _, group in groups]
        mean, low, high = np.exp(spans).T
        # None starts before the first look, which is after an epoch if none starts within it, or later
        # than the cap.
        low, high = np.maximum(low, min(1, runs["epochs"].min())), np.minimum(high, cap)
        never = np.array([(group["status"] != "reached").any() for _, group in groups])
        width = 0.4 if value in thin else 1.0
        here = {"transform": offset_copy(axis.transData, axis.figure, step, units="points")}
        if panel.lines:
            axis.plot(places, mean, color=look["color"], lw=width, alpha=0.7, **here)
        axis.plot([], [], ms=3.6, lw=width, **look)
        ends += mean.tolist()
        if value not in thin:
            axis.vlines(places, low, high, color=look["color"], lw=0.7, **here)
            ends += [*low, *high]
        for chosen, face in ((~never, look["color"]), (never, "white")):
            axis.plot(places[chosen], mean[chosen], ls="none", ms=3.6 * width**0.5, mew=0.8,
                      marker=look["marker"], color=look["color"], markerfacecolor=face, **here)  # fmt: skip
    # What is moved must not set the range.
    axis.dataLim.intervalx = runs[panel.column].min(), runs[panel.column].max()
    top = 1.45 * (cap if (runs["status"] != "reached").any() else max(ends))
    bottom = 0.85 * min(ends)
    axis.set(yscale="log", ylim=(bottom, top))
    axis.set_yticks([tick for tick in _TICKS if bottom < tick < top])
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.yaxis.set_minor_locator(NullLocator())
    if cap < top:
        axis.axhline(cap, color="0.5", lw=0.7, ls=":", zorder=0)
        axis.annotate("cap", (0, cap), xycoords=("axes fraction", "data"), xytext=(2, 2.5),
                      textcoords="offset points", fontsize=6, color="0.4")  # fmt: skip


def _log_mean(epochs: np.ndarray, axis: int) -> np.ndarray:
    return np.log(epochs.mean(axis=axis))


def _never_started(
    axis: Axes, panel: Panel, curve: str, looks: Looks, failing: Sequence[Any], most: int
) -> None:
    """Write how many runs never started, a row for each curve with such runs."""
    counted = panel.runs[panel.runs[curve].isin(list(failing))]
    sizes = set(counted.groupby([curve, panel.column]).size())
    for row, value in enumerate(failing):
        look, runs = looks[value], panel.runs[panel.runs[curve] == value]
        axis.plot(-0.025, -row, transform=axis.get_yaxis_transform(), ls="none", ms=3.2, clip_on=False,
                  marker=look["marker"], color=look["color"])  # fmt: skip
        never = runs["status"] != "reached"
        for place, there in never.groupby(runs[panel.column]):
            some = f"{there.sum()}" + ("" if len(sizes) == 1 else f"/{len(there)}")
            axis.text(place, -row, "all" if there.all() else some, fontsize=5.5, ha="center", va="center",
                      color=look["color"] if there.any() else "0.7")  # fmt: skip
    axis.set(ylim=(0.7 - most, 0.7), yticks=[])
    axis.spines["left"].set_visible(False)
    axis.grid(visible=False)
    of = f", of {sizes.pop()}" if len(sizes) == 1 else ""
    axis.set_title(f"runs that never started{of if failing else ': none'}", fontsize=6)
