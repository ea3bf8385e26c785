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
from study.style import COLOURS, FULL_WIDTH, footnote, jittered, letters

#: The paper's data and smooth weights, and the epochs of the released code.
figure = Presentation(measures, papers={"data": "mnist", "epochs": 10, "smooth": "process"})

STAGES = {
    "before": {"color": "0.6", "label": "before training"},
    "after": {"color": COLOURS[0], "label": "after training"},
    "change": {"color": COLOURS[1], "label": "their difference, the change"},
    "first step": {"color": COLOURS[3], "label": "Adam's first step"},
}
BIAS = {"color": COLOURS[2], "label": "trained bias"}
LAWS = {"smooth": "smooth", "independent": "iid"}
DATA = {"mnist_subset": "10,000 images of MNIST", "mnist": "MNIST", "cifar10": "CIFAR-10"}
# A path of iid numbers is drawn at some hundred layers: all of them are a block of ink.
_DOTS = 100
# Keeps a line that passes below a number out of it.
_CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
#: Hurst indices to compare with.
INDICES = {0.0: "iid", 0.25: "sign of Brownian", 0.5: "Brownian", 2.0: "smooth"}


def _paths(axis: Axes, frame: pd.DataFrame, law: str) -> None:
    """Draw one entry of V against the layer before and after training, their difference, one bias.

    Every tenth layer of iid weights, as dots; the rest as lines.
    """
    paths = frame[frame["quantity"] == "weight"].pivot(
        index="position", columns="stage", values="value"
    )
    every = max(1, len(paths) // _DOTS) if law == "independent" else 1
    dots = {"ls": "none", "marker": "o", "ms": 2, "mew": 0} if every > 1 else {"lw": 0.9}
    for stage in ("before", "after"):
        if stage in paths:
            axis.plot(paths.index[::every], paths[stage][::every], **dots, **STAGES[stage])
    if "after" in paths:
        axis.plot(paths.index, paths["after"] - paths["before"], lw=0.9, **STAGES["change"])
    bias = frame[frame["quantity"] == "bias"]
    if len(bias):
        axis.plot(bias["position"], bias["value"], lw=0.9, **BIAS)


def _variations(axis: Axes, frame: pd.DataFrame, looks: list) -> None:
    """Draw root mean second-order variations against the lag, a line a network."""
    for stage, prefix, look in looks:
        rows = frame[frame["stage"] == stage]
        curves = rows[rows["quantity"] == f"{prefix}variation"].pivot(
            index="position", columns="network", values="value"
        )
        if len(curves):
            # Before and after nearly coincide where training changes little.
            width = 2.4 if stage == "before" else 0.8
            line = {"color": look["color"], "lw": width, "marker": "o", "ms": 1.2 + width}
            axis.plot(curves.index, np.sqrt(curves), **line)


def _indices(axis: Axes, frame: pd.DataFrame, looks: list) -> None:
    """Draw the estimated indices, a dot a network, and the 95 % interval of their mean."""
    for value in INDICES:
        axis.axhline(value, color="0.6", lw=0.8, ls=":", zorder=0)
    for place, (stage, prefix, look) in enumerate(looks):
        rows = frame[(frame["stage"] == stage) & (frame["quantity"] == f"{prefix}hurst")]
        values = rows["value"].to_numpy()
        spread = jittered(place, len(values), 0.5 / max(1, len(values)))
        axis.plot(spread, values, "o", color=look["color"], ms=2, alpha=0.5, mew=0)
        try:
            mean = mean_interval(values, 0.95)
        except TooFewReplicates:
            continue
        axis.errorbar(place, mean.value, mean.half_width, color="black", marker="_", ms=8, capsize=2,
                      elinewidth=0.9)  # fmt: skip
        text = f"{round(mean.value, 2) + 0.0:.2f}".replace("-", "−")
        axis.text(place, max(mean.high, *values) + 0.08, text, fontsize=6, ha="center", bbox=_CLEAR)
    labels = ["bias" if prefix else stage.split()[-1] for stage, prefix, _ in looks]
    axis.set(xticks=range(len(looks)), xticklabels=labels, xlim=(-0.6, len(looks) - 0.4))
    axis.set(ylim=(-0.2, 2.35), yticks=[0, 0.5, 1, 1.5, 2])
    axis.tick_params(axis="x", length=0, labelsize=6)
    axis.grid(visible=False)


def _column(
    axes: np.ndarray, s: SimpleNamespace, frame: pd.DataFrame, case: dict[str, Any], looks: list
) -> None:
    """Draw one panel of the paper: paths, their variations, and indices."""
    upper, middle, lower = axes
    _paths(upper, frame[frame["network"] == 0], case["law"])
    upper.set(xlabel="layer k", xlim=(1, s.depth))
    trained = frame[frame["status"] == "trained"]
    _variations(middle, trained, looks)
    middle.set(xscale="log", yscale="log", xlabel="lag, layers", xticks=s.lags)
    middle.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    middle.minorticks_off()
    _indices(lower, trained, looks)


def _title(s: SimpleNamespace, frame: pd.DataFrame, case: dict[str, Any], letter: str) -> str:
    title = f"({letter}) β = {case['beta']:g}, {LAWS[case['law']]} start"
    lost = frame[frame["status"] == "diverged"]["network"].nunique()
    return f"{title}\n{lost} of {s.networks} networks diverged" if lost else title


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """A column a panel of the paper: one weight against the layer, its roughness, and indices."""
    page, axes = plt.subplots(
        3, len(s.cases), figsize=(FULL_WIDTH, 5.6), squeeze=False, sharey="row"
    )
    # Stage, prefix of its quantities, and look.
    looks = [(stage, "", look) for stage, look in STAGES.items()]
    if biased := "bias" in set(table["quantity"]):
        looks.append(("after", "bias_", BIAS))
    for column, case, letter in zip(axes.T, s.cases, letters(), strict=False):
        frame = table[(table["law"] == case["law"]) & (table["beta"] == case["beta"])]
        _column(column, s, frame, case, looks)
        column[0].set_title(_title(s, frame, case, letter))
    axes[0, 0].set_ylabel("one entry of V$_k$" + ", one of b$_k$" * biased)
    axes[1, 0].set_ylabel("rms second-order\nvariation")
    axes[2, 0].set_ylabel(f"Ĥ at lags {s.lags[0]} and {s.lags[1]}")
    for value, name in INDICES.items():
        axes[2, -1].text(1.02, value, name, transform=axes[2, -1].get_yaxis_transform(), fontsize=6,
                         color="0.4", va="center")  # fmt: skip
    handles = [
        Line2D([], [], color=look["color"], marker="o", label=look["label"]) for *_, look in looks
    ]
    page.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    text = (
        f"{s.networks} networks per panel, {s.epochs} epoch{'s' * (s.epochs > 1)} "
        f"of Adam at {s.learning_rate:g}, batch {s.batch_size}, {DATA[s.data]}"
    )
    accuracy = table[table["quantity"] == "test_accuracy"]["value"]
    if len(accuracy):
        text += f"; test accuracies {accuracy.min():.3f} to {accuracy.max():.3f}"
    footnote(page, preset, text)
    return page
