"""Histograms of pre-activations over inputs, networks and units (Luther & Seung 2019)."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Patch
from scipy import stats

from deepinit.meanfield.arc_cosine import correlation_by_layer
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, sign

_ROWS = {
    "sample": "density over inputs",
    "network": "density over networks",
    "layer": "density over units",
}


def _stairs(axes: Axes, histogram: pd.DataFrame, **style: object) -> None:
    """Draw one histogram as a density."""
    edges = np.append(histogram["bin_low"], histogram["bin_high"].iloc[-1])
    width = np.diff(edges)
    axes.stairs(histogram["count"] / histogram["values"] / width, edges, **style)


def histograms(job: Job) -> Figure:
    """Three rows of randomness, one column a layer."""
    frame, settings = job.table(), job.spec["settings"]
    layers, limit = settings["layers"], settings["limit"]
    grid = np.linspace(-limit, limit, 601)
    correlations = correlation_by_layer(max(layers) - 1)
    figure, axes = plt.subplots(
        len(_ROWS),
        len(layers),
        figsize=(FULL_WIDTH, 4.7),
        squeeze=False,
        sharex=True,
        sharey="row",
    )
    for column, layer in enumerate(layers):
        of_layer = frame[frame["layer"] == layer]
        pooled = of_layer[of_layer["row"] == "pooled"]
        for row, name in enumerate(_ROWS):
            axis = axes[row, column]
            for net, histogram in of_layer[of_layer["row"] == name].groupby("net"):
                colour = COLOURS[net % len(COLOURS)] if name != "network" else "0.75"
                _stairs(axis, histogram, fill=True, color=colour, alpha=0.45)
                if name == "sample":
                    sd = np.sqrt(1 - correlations[layer - 1])
                    law = stats.norm.pdf(grid, histogram["mean"].iloc[0], sd)
                    axis.plot(grid, law, color=colour, lw=0.8)
                if name == "network":
                    centre = (histogram["bin_low"] + histogram["bin_high"]) / 2
                    size = histogram["bin_high"] - histogram["bin_low"]
                    axis.plot(centre, histogram["expected"] / size, color=COLOURS[3], lw=0.9)
            if name != "network":
                _stairs(axis, pooled, color="black", lw=0.9)
            axis.plot(grid, stats.norm.pdf(grid), ":", color="black", lw=0.8)
        axes[0, column].set_title(f"layer {layer}")
        axes[-1, column].set_xlabel("pre-activation y")
    for row, text in enumerate(_ROWS.values()):
        axes[row, 0].set_ylabel(text)
    _legend(figure, axes[:, 0], settings["drawn_networks"])
    sign(
        figure,
        job.spec["preset"],
        f"N = {settings['width']}; {settings['drawn_networks']} networks with all weights drawn and "
        f"{settings['inputs']} inputs; {settings['networks']} networks with one input",
    )
    return figure


def _legend(figure: Figure, axes: np.ndarray, networks: int) -> None:
    """Explain colours and lines above the panels, once."""
    one_each = tuple(Patch(facecolor=colour, alpha=0.45) for colour in COLOURS[:networks])
    (normal,) = axes[0].plot([], [], ":", color="black", lw=0.8)
    (outline,) = axes[0].plot([], [], color="black", lw=0.9)
    (limit,) = axes[0].plot([], [], color="0.45", lw=0.8)
    (exact,) = axes[1].plot([], [], color=COLOURS[3], lw=0.9)
    figure.legend(
        [one_each, outline, normal, limit, exact],
        [
            "top and bottom row: a colour for each network",
            "everything pooled",
            "N(0, 1): infinite width",
            "top row, coloured: infinite-width sd about the mean found",
            "exact law at this width",
        ],
        loc="outside upper center",
        ncols=3,
        fontsize=6,
        handler_map={tuple: HandlerTuple(ndivide=None)},
    )
