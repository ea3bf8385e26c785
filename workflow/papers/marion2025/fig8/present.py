"""Weights against the layer after training (Marion et al. 2025, Figures 8 and 15)."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.lines import Line2D

from deepinit.stats.intervals import TooFewReplicates, mean_interval
from papers.marion2025.fig8 import measures
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, sign

figure = Presentation(measures)

STAGES = {
    "before": {"color": "0.6", "label": "before training"},
    "after": {"color": COLOURS[0], "label": "after training"},
    "change": {"color": COLOURS[1], "label": "their difference"},
}
BIAS = {"color": COLOURS[2], "label": "trained bias"}
# Before and after nearly coincide where training changes little: the first is drawn broader.
LINE_WIDTHS = {"before": 2.4, "after": 0.8, "change": 0.8}
LAWS = {"smooth": "smooth", "independent": "iid"}
DATA = {"mnist_subset": "10,000 images of MNIST", "mnist": "MNIST", "cifar10": "CIFAR-10"}


def _paths(axis: Axes, frame: pd.DataFrame) -> None:
    """Draw one entry of V against the layer before and after training, their difference, one bias."""
    paths = frame[frame["quantity"] == "weight"].pivot(
        index="position", columns="stage", values="value"
    )
    if "after" in paths:
        paths["change"] = paths["after"] - paths["before"]
    for stage, look in STAGES.items():
        if stage in paths:
            axis.plot(paths.index, paths[stage], lw=0.9 if stage == "change" else 0.5, **look)
    bias = frame[frame["quantity"] == "bias"]
    if len(bias):
        axis.plot(bias["position"], bias["value"], lw=0.9, **BIAS)


def _index(frame: pd.DataFrame, quantity: str) -> str:
    """Return the estimated index with its 95 % interval over networks, as text."""
    values = frame[frame["quantity"] == quantity]["value"]
    try:
        estimate = mean_interval(values)
    except TooFewReplicates:
        return "–"
    value, low, high = (f"{round(number, 2) + 0.0:.2f}".replace("-", "−") for number in estimate)
    return f"{value} [{low}, {high}]"


def _variations(axis: Axes, frame: pd.DataFrame) -> list[Line2D]:
    """Draw root mean second-order variations against the lag, a line a network; return keys."""
    keys = []
    looks = [(stage, "", look) for stage, look in STAGES.items()]
    for stage, prefix, look in [*looks, ("after", "bias_", BIAS)]:
        rows = frame[frame["stage"] == stage]
        curves = rows[rows["quantity"] == f"{prefix}variation"].pivot(
            index="position", columns="network", values="value"
        )
        if curves.empty:
            continue
        width = LINE_WIDTHS[stage]
        line = {"color": look["color"], "lw": width, "marker": "o", "ms": 1.2 + width}
        axis.plot(curves.index, np.sqrt(curves), **line)
        keys.append(Line2D([], [], **line, label=_index(rows, f"{prefix}hurst")))
    return keys


def _column(
    upper: Axes,
    lower: Axes,
    s: SimpleNamespace,
    frame: pd.DataFrame,
    case: dict[str, Any],
    letter: str,
) -> None:
    """Draw one panel of the paper, paths above and their variations below."""
    _paths(upper, frame[frame["network"] == 0])
    title = f"({letter}) β = {case['beta']:g}, {LAWS[case['law']]} start"
    lost = frame[frame["status"] == "diverged"]["network"].nunique()
    if lost:
        title += f"\n{lost} of {s.networks} networks diverged"
    upper.set(title=title, xlabel="layer k", xlim=(1, s.depth))
    keys = _variations(lower, frame[frame["status"] == "trained"])
    lower.set(xscale="log", yscale="log", xlabel="lag, layers", xticks=s.lags)
    lower.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    lower.minorticks_off()
    if keys:
        # Room for the table of indices below the curves.
        low, high = lower.get_ylim()
        lower.set_ylim(low * (low / high) ** 0.6, high)
        title = f"Ĥ at lags {s.lags[0]}, {s.lags[1]}"
        lower.legend(handles=keys, title=title, title_fontsize=6, fontsize=6, loc="lower right")


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """One weight against the layer before and after training, and its roughness, a column a panel."""
    page, axes = plt.subplots(2, len(s.cases), figsize=(FULL_WIDTH, 4.4), squeeze=False)
    for (upper, lower), case, letter in zip(axes.T, s.cases, "abcdefgh", strict=False):
        frame = table[(table["law"] == case["law"]) & (table["beta"] == case["beta"])]
        _column(upper, lower, s, frame, case, letter)
    axes[0, 0].set_ylabel("one entry of V$_k$")
    axes[1, 0].set_ylabel("rms second-order variation")
    looks = [*STAGES.values(), *([BIAS] if (table["quantity"] == "bias").any() else [])]
    handles = [Line2D([], [], color=look["color"], label=look["label"]) for look in looks]
    page.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    text = (
        f"{s.networks} networks a panel, {s.epochs} epoch{'s' * (s.epochs > 1)} "
        f"of Adam at {s.learning_rate:g}, batch {s.batch_size}, {DATA[s.data]}"
    )
    accuracy = table[table["quantity"] == "test_accuracy"]["value"]
    if len(accuracy):
        text += f"; test accuracies {accuracy.min():.3f} to {accuracy.max():.3f}"
    sign(page, preset, text)
    return page
