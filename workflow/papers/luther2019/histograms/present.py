"""Histograms of pre-activations over inputs, networks and units (Luther & Seung 2019)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Patch
from scipy import special

from deepinit.dense.length_moments import log_factor_moments
from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, footnote
from study.verdicts import LEVEL, SCORE, Measurement, NotTested

figure = Presentation()

#: Over which the paper draws histograms, one colour each.
_PUBLISHED_NETWORKS = 3
_ROWS = {
    "sample": "density over inputs",
    "network": "density over networks",
    "layer": "density over units",
}


def _stairs(axis: Axes, histogram: pd.DataFrame, **style: object) -> None:
    """Draw one histogram as a density."""
    edges = np.append(histogram["bin_low"], histogram["bin_high"].iloc[-1])
    axis.stairs(histogram["count"] / histogram["values"] / np.diff(edges), edges, **style)


def _panel(axis: Axes, of_layer: pd.DataFrame, row: str, grid: np.ndarray, sd: float) -> None:
    """Draw the histograms of one row and layer; `sd` over inputs is that of the infinite width."""
    for net, histogram in of_layer[of_layer["row"] == row].groupby("net"):
        colour = COLOURS[net % len(COLOURS)] if row != "network" else "0.75"
        _stairs(axis, histogram, fill=True, color=colour, alpha=0.45)
        if row == "sample":
            density = scipy.stats.norm.pdf(grid, histogram["mean"].iloc[0], sd)
            axis.plot(grid, density, color=colour, lw=0.8)
        if row == "network":
            centre = (histogram["bin_low"] + histogram["bin_high"]) / 2
            size = histogram["bin_high"] - histogram["bin_low"]
            axis.plot(centre, histogram["expected"] / size, "--", color="black", lw=0.9)
    if row != "network":
        _stairs(axis, of_layer[of_layer["row"] == "pooled"], color="black", lw=0.9)
    axis.plot(grid, scipy.stats.norm.pdf(grid), ":", color="black", lw=0.8)


def _legend(page: Page, axes: np.ndarray, networks: int) -> None:
    """Explain colours and lines above the panels, once."""
    one_each = tuple(Patch(facecolor=colour, alpha=0.45) for colour in COLOURS[:networks])
    (normal,) = axes[0].plot([], [], ":", color="black", lw=0.8)
    (outline,) = axes[0].plot([], [], color="black", lw=0.9)
    (limit,) = axes[0].plot([], [], color="0.45", lw=0.8)
    (exact,) = axes[1].plot([], [], "--", color="black", lw=0.9)
    page.legend(
        [one_each, outline, normal, limit, exact],
        [
            "a network each (top, bottom)",
            "everything pooled",
            "N(0, 1): infinite width",
            "normal, sd of infinite width, mean as found",
            "exact distribution, this width (middle)",
        ],
        loc="outside upper center",
        ncols=3,
        fontsize=6,
        handler_map={tuple: HandlerTuple(ndivide=None)},
    )


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Three rows of randomness, one column a layer."""
    grid = np.linspace(-s.limit, s.limit, 601)
    sds = np.sqrt(1 - correlation_by_layer(max(s.layers) - 1))
    page, axes = plt.subplots(
        len(_ROWS),
        len(s.layers),
        figsize=(FULL_WIDTH, 4.7),
        squeeze=False,
        sharex=True,
    )
    for column, layer in enumerate(s.layers):
        of_layer = table[table["layer"] == layer]
        for axis, row in zip(axes[:, column], _ROWS, strict=True):
            _panel(axis, of_layer, row, grid, sds[layer - 1])
        axes[0, column].set_title(f"layer {layer}")
        axes[-1, column].set_xlabel("pre-activation y")
        # Those over inputs get narrow with depth; the others keep their scale.
        for axis in axes[1:, column]:
            axis.sharey(axes[1, 0])
            axis.tick_params(labelleft=column == 0)
    for axis, text in zip(axes[:, 0], _ROWS.values(), strict=True):
        axis.set_ylabel(text)
    _legend(page, axes[:, 0], s.drawn_networks)
    footnote(page, preset, f"N = {s.width}; {s.drawn_networks} networks with all weights drawn and "
         f"{s.inputs} inputs; {s.networks} networks with one input")  # fmt: skip
    return page


def _of_row(table: pd.DataFrame, row: str) -> pd.DataFrame:
    """Return one line a histogram."""
    return table[table["row"] == row].drop_duplicates(["layer", "net"])


@figure.measure
def distance(table: pd.DataFrame, false_alarm: float) -> Measurement:
    """Largest Kolmogorov–Smirnov distance over layers to the exact distribution.

    Expected: its critical value, a false alarm in any layer included.
    """
    frame = _of_row(table, "network").set_index("layer")
    critical = scipy.stats.kstwo.isf(false_alarm / len(frame), int(frame["values"].iloc[0]))
    found = frame["ks_exact"]
    return Measurement(
        Estimate.exactly(float(found.max())),
        expected=float(critical),
        note=f"measured: the distance in layer {found.idxmax()}; published: its critical value",
    )


@figure.measure
def sd_over_inputs(data: FigureData, table: pd.DataFrame, width: int, layer: int) -> Measurement:
    """Mean over networks of v, from the figure of finite widths, whose layers count from 0.

    The published value is read off three networks, and as uncertain as their mean.
    """
    sds = np.sqrt(data.rows("finite_width", width=width, layer=layer - 1)["variance"])
    slack = SCORE * float(sds.std()) / np.sqrt(_PUBLISHED_NETWORKS)
    drawn = _of_row(table, "sample")
    own = drawn[drawn["layer"] == layer]["net_sd"]
    note = f"N = {width}"
    if len(own):
        note += ", v of the networks drawn here: " + ", ".join(f"{sd:.3f}" for sd in own)
    return Measurement(mean_interval(sds, LEVEL), slack=slack, note=note)


@figure.measure
def peaks_apart(s: SimpleNamespace, table: pd.DataFrame, layer: int) -> Measurement:
    """Share of units whose mean over inputs is further from zero than their sd, least network.

    Given the layer below the units are independent, so the interval is that of a fraction.
    """
    frame = _of_row(table, "sample")
    frame = frame[frame["layer"] == layer]
    if frame.empty:
        raise NotTested(f"needs layer {layer}")
    level = 1 - (1 - LEVEL) / len(frame)
    return Measurement(
        fraction_interval(round(frame["net_apart"].min() * s.width), s.width, level),
        note=f"the least of {len(frame)} networks",
    )


@figure.measure
def mean_log_square(s: SimpleNamespace, table: pd.DataFrame) -> Measurement:
    """Mean of the log of the units' mean square in the deepest layer, against the exact one."""
    row = _of_row(table, "network").sort_values("layer").iloc[-1]
    expected = (row["layer"] - 1) * log_factor_moments(s.width)[0]
    expected += special.digamma(s.width / 2) - np.log(s.width / 2)
    return Measurement(
        Estimate.around(row["log_square"], SCORE * row["log_square_error"]),
        expected=float(expected),
        note=f"layer {row['layer']}: the typical sd of a network is {np.exp(expected / 2):.3f}",
    )
