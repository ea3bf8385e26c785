"""Random convolutional networks (Hanin & Rolnick 2018): lengths, and output maps of one image."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from deepinit.dense.length_moments import log_factor_moments
from deepinit.stats.intervals import bootstrap, mean_interval
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, line_with_band, power_of_ten, sign

LINES = {"circular": "-", "zero": "--"}
SHORT = {"circular": "circ.", "zero": "zero"}


def _quantiles(axis: Axes, frame: pd.DataFrame, channels: list[int], padding: str) -> None:
    for index, count in enumerate(channels):
        rows = frame[(frame["channels"] == count) & (frame["padding"] == padding) & ~frame["dead"]]
        curve = rows.groupby("depth")["log10_length"].quantile([0.1, 0.5, 0.9]).unstack()
        line_with_band(
            axis, curve.index, curve[0.5], curve[0.1], curve[0.9], color=COLOURS[index], lw=0.9
        )
    exact = frame[frame["padding"] == padding].groupby("depth")["exact_log10_mean"].first()
    axis.plot(exact, "k", lw=1)
    axis.set(title=f"({'ab'[padding == 'zero']}) {padding} padding", xlabel="depth d")
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.yaxis.set_major_formatter(power_of_ten)


def _growth(axis: Axes, frame: pd.DataFrame, channels: list[int], paddings: list[str]) -> None:
    depth = frame["depth"].max()
    rows = frame[frame["depth"] == depth]
    places = [(count, padding) for count in channels for padding in paddings]
    for place, (count, padding) in enumerate(places):
        values = rows[(rows["channels"] == count) & (rows["padding"] == padding)]["mean_growth"]
        mean = mean_interval(values)
        axis.errorbar([place], [mean.value], [[mean.value - mean.low], [mean.high - mean.value]],
                      marker="o", ms=3, color=COLOURS[channels.index(count)],
                      markerfacecolor=None if padding == "circular" else "white")  # fmt: skip
    axis.axhline(1, color="black", lw=0.9)
    axis.set_xticks(range(len(places)), [f"{c}\n{SHORT[p]}" for c, p in places], fontsize=6)
    axis.grid(visible=False, axis="x")
    axis.set(title="(c) growth a layer", ylabel="given the layer below, over exact")


def _variance(values: np.ndarray) -> float:
    return float(np.var(values, ddof=1))


def _spread(axis: Axes, frame: pd.DataFrame, channels: list[int], side: int) -> None:
    depths = np.sort(frame["depth"].unique())
    for index, count in enumerate(channels):
        for padding, group in frame[frame["channels"] == count].groupby("padding"):
            alive = group[~group["dead"]].groupby("depth")["log10_length"]
            rows = {depth: bootstrap(logs, _variance, resamples=200) for depth, logs in alive}
            curve = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])
            curve *= np.log(10) ** 2
            line_with_band(axis, curve.index, curve["value"], curve["low"], curve["high"],
                           color=COLOURS[index], lw=0.9, ls=LINES[padding])  # fmt: skip
        connected = depths * log_factor_moments(count)[1]
        axis.plot(depths, connected, ":", color=COLOURS[index], lw=1)
    axis.set(xscale="log", yscale="log", xlabel="depth d", title=r"(d) variance of $\ln M_d$")
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")


def conv(job: Job) -> Figure:
    """M_d against depth by channels and padding, mean growth a layer, variance of ln M_d."""
    frame, settings = job.table(), job.spec["settings"]
    channels = [point["channels"] for point in settings["points"]]
    paddings = settings["paddings"]
    figure, grid = plt.subplots(2, 2, figsize=(FULL_WIDTH, 4.8))
    for axis, padding in zip(grid[0], paddings, strict=False):
        _quantiles(axis, frame, channels, padding)
        axis.sharey(grid[0][0])
    for axis in grid[0][len(paddings) :]:
        axis.set_axis_off()
    grid[0][0].set_ylabel(r"$M_d / M_0$")
    _growth(grid[1][0], frame, channels, paddings)
    _spread(grid[1][1], frame, channels, settings["side"])
    handles = [Line2D([], [], color=COLOURS[i]) for i in range(len(channels))]
    labels = [f"{count} channels" for count in channels]
    handles += [Line2D([], [], color="black"), Line2D([], [], color="0.4", ls=":")]
    labels += ["exact mean", "fully connected,\nwidth = channels"]
    if len(paddings) > 1:
        handles += [Line2D([], [], color="0.4", ls=LINES[padding]) for padding in paddings]
        labels += [f"{padding} padding" for padding in paddings]
    figure.legend(handles, labels, loc="outside right center")
    counts = ", ".join(f"{p['networks']} with {p['channels']}" for p in settings["points"])
    sign(
        figure,
        job.spec["preset"],
        f"networks a point: {counts} channels; {settings['kernel']} × {settings['kernel']} kernels, "
        f"image of {settings['side']} × {settings['side']}. (a), (b): median, 10 % to 90 % shaded; "
        "(c), (d): 95 % intervals",
    )
    return figure


def conv_maps(job: Job) -> Figure:
    """One output map a layer, few and many channels, both paddings."""
    frame, settings = job.table(), job.spec["settings"]
    places = [(c, p) for c in settings["channels"] for p in settings["paddings"]]
    layers = [0, *settings["layers"]]
    figure, grid = plt.subplots(
        len(places),
        len(layers),
        figsize=(FULL_WIDTH, 1.05 * len(places) + 0.5),
        squeeze=False,
    )
    for row, (channels, padding) in zip(grid, places, strict=True):
        for axis, layer in zip(row, layers, strict=True):
            pixels = frame[
                (frame["channels"] == channels)
                & (frame["padding"] == padding)
                & (frame["layer"] == layer)
            ]
            picture = pixels.pivot(index="row", columns="column", values="value")
            axis.imshow(picture, cmap="viridis", vmin=0, vmax=3 if layer else None)
            axis.set(xticks=[], yticks=[])
            axis.grid(visible=False)
            if (channels, padding) == places[0]:
                axis.set_title("image" if layer == 0 else f"layer {layer}")
        row[0].set_ylabel(f"{channels} channels\n{padding} padding", fontsize=7)
    sign(
        figure,
        job.spec["preset"],
        "the channel with the largest length, over its root mean square, colours from 0 to 3; one "
        "network a number of channels, the same weights for both paddings",
    )
    return figure
