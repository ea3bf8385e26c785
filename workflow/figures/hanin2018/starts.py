"""Panels that show when networks start to train, runs that never do included."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from deepinit.stats.survival import median_time

#: Least coverage of the medians' intervals; five runs do not bound a median at 95 %.
LEVEL = 0.9
Looks = Mapping[Any, Mapping[str, Any]]


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
            medians.append(median_time(group[time].fillna(cap), started, LEVEL))
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


def epochs_axis(axis: Axes, lowest: float, cap: float, ylabel: str = "") -> None:
    """Make the vertical axis one of epochs, with a line at the cap."""
    axis.set(yscale="log", ylim=(lowest, 1.75 * cap), ylabel=ylabel)
    axis.axhline(cap, color="0.5", lw=0.7, ls=":")
    axis.annotate("cap", (0, cap), xycoords=("axes fraction", "data"), xytext=(2, 2.5),
                  textcoords="offset points", fontsize=6, color="0.4")  # fmt: skip
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.yaxis.set_minor_formatter(lambda value, _: "")


def training_text(settings: Mapping[str, Any]) -> str:
    """Return what the runs were trained on and how, for the small print."""
    images = {"mnist_subset": "10,000", "mnist": "60,000"}[settings["data"]]
    return (
        f"{settings['runs']} runs a point; {images} images, batch {settings['batch_size']}, "
        f"rate {settings['learning_rate']:g}. Left: mean, the cap counted for runs that never start or "
        f"diverge (dots: runs, open: those). Right: Kaplan–Meier median, exact intervals of "
        f"{100 * LEVEL:g} % or more, open above the cap: not reached"
    )
