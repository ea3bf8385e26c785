"""Squared length in convolutional networks (Hanin & Rolnick 2018)."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.lines import Line2D

from deepinit.dense.length_moments import log_factor_moments
from deepinit.stats.intervals import bootstrap, mean_interval
from papers.hanin2018.convolution import deepest
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, decades, footnote, line_with_band
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

LINES = {"circular": "-", "zero": "--"}
_VARIANCE = partial(np.var, ddof=1)


def _quantiles(axis: Axes, frame: pd.DataFrame, channels: list[int], padding: str) -> None:
    for index, count in enumerate(channels):
        rows = frame[(frame["channels"] == count) & (frame["padding"] == padding) & ~frame["dead"]]
        curve = rows.groupby("depth")["log10_length"].quantile([0.1, 0.5, 0.9]).unstack()
        line_with_band(
            axis, curve.index, curve[0.5], curve[0.1], curve[0.9], color=COLOURS[index], lw=0.9
        )
    exact = frame[frame["padding"] == padding].groupby("depth")["exact_log10_mean"].first()
    axis.plot(exact, "k", lw=1)
    axis.set(
        title=f"({'ab'[padding == 'zero']}) {padding} padding",
        xlabel="depth d",
        ylabel=r"$M_d / M_0$",
    )
    decades(axis.yaxis)


def _growth(axis: Axes, frame: pd.DataFrame, channels: list[int], paddings: list[str]) -> None:
    depth = frame["depth"].max()
    rows = frame[frame["depth"] == depth]
    places = [(count, padding) for count in channels for padding in paddings]
    for place, (count, padding) in enumerate(places):
        values = rows[(rows["channels"] == count) & (rows["padding"] == padding)]["mean_growth"]
        mean = mean_interval(values, 0.95)
        axis.errorbar(place, mean.value, mean.half_width, marker="o", ms=3,
                      color=COLOURS[channels.index(count)],
                      markerfacecolor=None if padding == "circular" else "white")  # fmt: skip
    axis.axhline(1, color="black", lw=0.9)
    axis.set_xticks(range(len(places)), [f"{c}\n{p}" for c, p in places], fontsize=7)
    axis.grid(visible=False, axis="x")
    axis.set(
        title="(c) growth per layer", ylabel="length over its exact mean,\ngiven the layer below"
    )


def _spread(axis: Axes, frame: pd.DataFrame, channels: list[int]) -> None:
    depths = np.sort(frame["depth"].unique())
    for index, count in enumerate(channels):
        for padding, group in frame[frame["channels"] == count].groupby("padding"):
            alive = group[~group["dead"]].groupby("depth")["log10_length"]
            rows = {depth: bootstrap(logs, _VARIANCE, 0.95, resamples=200) for depth, logs in alive}
            curve = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])
            curve *= np.log(10) ** 2
            line_with_band(axis, curve.index, curve["value"], curve["low"], curve["high"],
                           color=COLOURS[index], lw=0.9, ls=LINES[padding])  # fmt: skip
        connected = depths * log_factor_moments(count)[1]
        axis.plot(depths, connected, ":", color=COLOURS[index], lw=1)
    axis.set(xscale="log", yscale="log", xlabel="depth d", ylabel=r"variance of $\ln M_d$")
    axis.set_title("(d) spread of the length")
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """M_d against depth by channels and padding, mean growth a layer, variance of ln M_d."""
    channels = [point["channels"] for point in s.points]
    paddings = s.paddings
    page, grid = plt.subplots(2, 2, figsize=(FULL_WIDTH, 4.8))
    for axis, padding in zip(grid[0], paddings, strict=False):
        _quantiles(axis, table, channels, padding)
        axis.sharey(grid[0][0])
    for axis in grid[0][len(paddings) :]:
        axis.set_axis_off()
    _growth(grid[1][0], table, channels, paddings)
    _spread(grid[1][1], table, channels)
    handles = [Line2D([], [], color=COLOURS[i], lw=1) for i in range(len(channels))]
    labels = [f"{count} channels" for count in channels]
    handles += [Line2D([], [], color="black", lw=1), Line2D([], [], color="0.4", ls=":")]
    labels += ["exact mean", "fully connected, width = channels"]
    if len(paddings) > 1:
        handles += [Line2D([], [], color="0.4", ls=LINES[padding]) for padding in paddings]
        labels += [f"{padding} padding" for padding in paddings]
    page.legend(handles, labels, loc="outside upper center", ncols=4)
    counts = ", ".join(f"{p['networks']} with {p['channels']}" for p in s.points)
    footnote(
        page,
        preset,
        f"networks per point: {counts} channels; {s.kernel} × {s.kernel} kernels, "
        f"image of {s.side} × {s.side}. (a), (b): median, 10 % to 90 % shaded; "
        "(c), (d): 95 % intervals",
    )
    return page


@figure.measure
def growth(data: FigureData, padding: str) -> Measurement:
    """Mean growth a layer over its exact value given the layer below, most channels."""
    rows = deepest(data, padding, most=True)
    if len(rows) < 30:
        raise NotTested("needs 30 networks")
    exact = rows["exact_log10_mean"].iloc[0]
    return Measurement(
        mean_interval(rows["mean_growth"], LEVEL),
        expected=1.0,
        note=f"{rows['channels'].iloc[0]} channels, {rows['depth'].iloc[0]} layers, at the end of which "
        f"E M_d = {10**exact:.4g} M_0",
    )


@figure.measure
def spread_over_fully_connected(data: FigureData, most: bool) -> Measurement:
    """Variance of ln M_d over that of a fully connected network of width C, circular padding."""
    rows = deepest(data, "circular", most=most)
    channels, depth = int(rows["channels"].iloc[0]), int(rows["depth"].iloc[0])
    logs = rows[~rows["dead"]]["log10_length"].to_numpy() * np.log(10)
    connected = depth * log_factor_moments(channels)[1]
    variance = bootstrap(logs, _VARIANCE, LEVEL)
    return Measurement(
        variance.map(lambda part: part / connected),
        note=f"{channels} channels, depth {depth}; variance of ln M_d {variance.value:.3g}, "
        f"fully connected {connected:.3g}",
    )
