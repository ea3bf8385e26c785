"""Epochs until training starts, in a panel for each kind of biases: Figures 1b, 3a and 3b."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.ticker import NullLocator

from deepinit.stats.intervals import bootstrap
from papers.hanin2018.starts import images_used, mark_cap
from study.style import FULL_WIDTH, legend_above

Looks = Mapping[Any, Mapping[str, Any]]
TITLES = {"trained": "biases trained from zero", "none": "no biases (added)"}


def panels_by_biases(
    table: pd.DataFrame, s: SimpleNamespace, curve: str, looks: Looks, column: str, letter: str,
    thin: Sequence[Any] = (), counts: bool = True,
) -> tuple[Page, list[Axes]]:  # fmt: skip
    """Return a page with the mean epochs against `column`, a panel for each kind of biases, and its axes.

    Args:
        table: of the runs.
        s: settings of the training.
        curve: column whose values are drawn as curves of their own.
        looks: that value ↦ colour, marker and label.
        column: of the horizontal axis.
        letter: of the published panel.
        thin: values of `curve` that the paper does not have, drawn thin and without intervals.
        counts: whether the runs that never started are counted below.
    """
    never = table[(table["status"] != "reached") & ~table[curve].isin(list(thin))]
    failing = never.groupby("biases")[curve].nunique().max() if counts and len(never) else 0
    heights = [2.9, 0.3 + 0.13 * failing][: 1 + bool(failing)]
    page, grid = plt.subplots(
        len(heights), len(s.biases), figsize=(FULL_WIDTH, 0.4 + sum(heights)), sharex=True,
        squeeze=False, height_ratios=heights,
    )  # fmt: skip
    for axes, biases in zip(grid.T, s.biases, strict=True):
        frame = table[table["biases"] == biases]
        there = {value: look for value, look in looks.items() if (frame[curve] == value).any()}
        _means(axes[0], frame, curve, there, column, s.max_epochs, thin)
        axes[0].set_title(f"({letter}) {TITLES[biases]}")
        if failing:
            _never_started(
                axes[1], frame, curve, {v: there[v] for v in there if v not in thin}, column
            )
    grid[0, 0].set_ylabel(f"mean epochs to {round(100 * s.target_accuracy)} % accuracy")
    legend_above(page, grid[0], 3)
    return page, list(grid[-1])


def _means(
    axis: Axes, frame: pd.DataFrame, curve: str, looks: Looks, column: str, cap: float,
    thin: Sequence[Any],
) -> None:  # fmt: skip
    """Draw the mean epochs, the cap counted, with 95 % intervals; open where a run never started."""
    ends = [1.0]
    for value, look in looks.items():
        groups = list(frame[frame[curve] == value].groupby(column))
        places = np.array([place for place, _ in groups])
        spans = [bootstrap(group["epochs"], np.mean) for _, group in groups]
        mean, low, high = np.array(spans).T
        never = np.array([(group["status"] != "reached").any() for _, group in groups])
        width = 0.4 if value in thin else 1.0
        axis.plot(places, mean, color=look["color"], lw=width, alpha=0.7)
        axis.plot([], [], ms=3.6, lw=width, **look)
        if value not in thin:
            axis.vlines(
                places, np.maximum(low, 0.5), np.minimum(high, cap), color=look["color"], lw=0.7
            )
            ends += [*mean, *np.minimum(high, cap)]
        for chosen, face in ((~never, look["color"]), (never, "white")):
            axis.plot(places[chosen], mean[chosen], ls="none", ms=3.6 * width**0.5, mew=0.8,
                      marker=look["marker"], color=look["color"], markerfacecolor=face)  # fmt: skip
    top = 1.45 * (cap if (frame["status"] != "reached").any() else max(ends))
    axis.set(yscale="log", ylim=(0.85, top))
    axis.set_yticks([tick for tick in (1, 2, 3, 5, 10, 20, 30, 50, 100) if tick < top])
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.yaxis.set_minor_locator(NullLocator())
    if cap < top:
        mark_cap(axis, cap)


def _never_started(axis: Axes, frame: pd.DataFrame, curve: str, looks: Looks, column: str) -> None:
    """Write how many runs never started, of how many, a row for each curve with such runs."""
    frame = frame.assign(never=frame["status"] != "reached")
    rows = [value for value in looks if frame[frame[curve] == value]["never"].any()]
    for row, value in enumerate(rows):
        look, runs = looks[value], frame[frame[curve] == value]
        axis.plot(-0.025, -row, transform=axis.get_yaxis_transform(), ls="none", ms=3.2, clip_on=False,
                  marker=look["marker"], color=look["color"])  # fmt: skip
        for place, never in runs.groupby(column)["never"]:
            text, color = f"{never.sum()}/{len(never)}", look["color"]
            text, color = (text, color) if never.any() else ("0", "0.7")
            axis.text(place, -row, text, fontsize=5, ha="center", va="center", color=color)
    axis.set(ylim=(0.7 - max(len(rows), 1), 0.7), yticks=[])
    axis.spines["left"].set_visible(False)
    axis.grid(visible=False)
    axis.set_title("runs that never started" + ("" if rows else ": none"), fontsize=6)


def small_print(s: SimpleNamespace) -> str:
    """Return what the runs were trained on and how."""
    return (
        f"{s.runs} runs a point with trained biases, {s.runs_apart} of what is added; {images_used(s)}, "
        f"batch {s.batch_size}, rate {s.learning_rate:g}. Means, the cap counted for runs that never start "
        "or diverge, with 95 % bootstrap intervals; open: some never started"
    )
