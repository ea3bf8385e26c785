"""Epochs to a given test accuracy, by width pattern (Hanin & Rolnick 2018, Figure 3)."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from deepinit.stats.explained_variance import (
    FEWEST_ARCHITECTURES,
    FEWEST_RUNS,
    Shares,
    explained_shares,
    scores_of_runs,
)
from deepinit.widths import WIDTH_PATTERNS
from figures.hanin2018.starts import epochs_axis, mean_panel, median_panel, training_text
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, jittered, panels, sign

MARKERS = "osD^v<>Ph"


def _panels(frame: pd.DataFrame, spec: dict[str, Any], column: str, letter: str) -> tuple:
    """Return (figure, axes) of mean and median against one column."""
    looks = {
        name: {
            "color": COLOURS[index % len(COLOURS)],
            "marker": MARKERS[index % len(MARKERS)],
            "label": WIDTH_PATTERNS[name].label,
        }
        for index, name in enumerate(spec["patterns"])
    }
    cap = spec["max_epochs"]
    shifts = jittered(0, len(looks), 0.006 * np.ptp(frame[column]))
    x = {name: (column, shift) for name, shift in zip(looks, shifts, strict=True)}
    figure, (left, right) = panels(2, width=FULL_WIDTH, height=3.1, sharey=True)
    percent = round(100 * spec["target_accuracy"])
    epochs_axis(left, 0.8, cap, f"epochs to {percent} % test accuracy, MNIST")
    epochs_axis(right, 0.8, cap)
    mean_panel(left, frame, "pattern", looks, x)
    median_panel(right, frame, "pattern", looks, x, cap)
    left.set_title(f"({letter}) mean, as published")
    right.set_title("median of censored runs")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center")
    return figure, (left, right)


def fig3a(job: Job) -> Figure:
    """Epochs against depth."""
    spec = job.spec["settings"]
    figure, axes = _panels(job.table(), spec, "depth", "a")
    for axis in axes:
        axis.set(xlabel="depth d", xticks=spec["depths"])
    sign(figure, job.spec["preset"], training_text(spec))
    return figure


def _shares(frame: pd.DataFrame) -> Shares | None:
    """Return how much β and the depth explain; None where there are too few runs to say."""
    places, scores = scores_of_runs(frame, ["pattern", "depth", "beta"])
    if len(scores) < FEWEST_ARCHITECTURES or scores.shape[1] < FEWEST_RUNS:
        return None
    try:
        return explained_shares(scores, places["beta"], places["depth"])
    except ValueError:
        return None


def fig3b(job: Job) -> Figure:
    """Epochs against β, with the share of the variance between architectures that β explains."""
    frame, spec = job.table("fig3a"), job.spec["read_settings"]["fig3a"]
    figure, axes = _panels(frame, spec, "beta", "b")
    for axis in axes:
        axis.set_xlabel(r"$\beta = \Sigma_j\, 1/n_j$")
    if shares := _shares(frame):
        lines = ["variance between architectures", "explained, noise of runs taken off:"]
        for name, share in ((r"by $\beta$", shares.first), ("by depth", shares.second)):
            value, low, high = (100 * part for part in share)
            lines.append(f"{name}: {value:.1f} % [{low:.1f}, {high:.1f}]")
        axes[1].text(
            0.97, 0.05, "\n".join(lines), transform=axes[1].transAxes, ha="right", fontsize=6
        )
    sign(figure, job.spec["preset"], training_text(spec))
    return figure
