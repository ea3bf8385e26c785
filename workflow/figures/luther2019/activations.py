"""Sample variance by layer for other activations (after Luther & Seung 2019)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.meanfield.activation_kernels import (
    SMOOTH,
    fixed_point,
    iterate,
    leaky_relu_map,
    smooth_map,
)
from deepinit.stats.intervals import mean_interval
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, line_with_band, panels, sign


def _share(axes: Axes, group: pd.DataFrame, **style: object) -> None:
    """Draw v/σ by layer: root of the mean share over networks, and its 95 % interval."""
    share = group["variance"] / (group["squared_mean"] + group["variance"])
    estimates = [mean_interval(values) for _, values in share.groupby(group["layer"])]
    value, low, high = np.sqrt(np.maximum(np.array(estimates), 0)).T
    line_with_band(axes, np.arange(len(value)), value, low, high, **style)


def activations(job: Job) -> Figure:
    """v/σ for leaky ReLU and for smooth activations, and σ² of the latter."""
    frame, settings = job.table(), job.spec["settings"]
    depth = settings["layers"] - 1
    layers = np.arange(depth + 1)
    figure, (leaky, smooth, total) = panels(3, width=FULL_WIDTH, height=2.9)
    for colour, slope in zip(COLOURS, settings["slopes"], strict=False):
        curve = frame[(frame["activation"] == "leaky_relu") & (frame["slope"] == slope)]
        _share(leaky, curve, color=colour, label=f"a = {slope:g}")
        limit = iterate(lambda c, a=slope: leaky_relu_map(c, a), depth, 0.0)
        leaky.plot(layers, np.sqrt(1 - limit), "--", color="black", lw=0.8)
    for colour, name in zip(COLOURS, SMOOTH, strict=False):
        layer_map = smooth_map(SMOOTH[name])
        for start in settings["starts"]:
            curve = frame[(frame["activation"] == name) & (frame["start"] == start)]
            label = {"gelu": "GELU"}.get(name, name) if start == settings["starts"][0] else None
            _share(smooth, curve, color=colour, label=label)
            limit = iterate(layer_map, depth, start)
            smooth.plot(layers, np.sqrt(1 - limit), "--", color="black", lw=0.8)
        curve = frame[(frame["activation"] == name) & (frame["start"] == settings["starts"][0])]
        sigma = curve["squared_mean"] + curve["variance"]
        spread = sigma.groupby(curve["layer"]).agg(["median", "min", "max"])
        line_with_band(total, layers, spread["median"], spread["min"], spread["max"], color=colour)
    settled = np.sqrt(1 - fixed_point(smooth_map(SMOOTH["gelu"])))
    smooth.axhline(settled, color=COLOURS[2], ls=":", lw=0.8, label="GELU, c*")
    leaky.plot([], [], "--", color="black", lw=0.8, label="infinite width")
    for axes in (leaky, smooth):
        axes.set(xlabel="layer", ylabel="v / σ", xlim=(0, depth), ylim=(0, 1.03))
    total.axhline(1, color="black", ls="--", lw=0.8)
    total.set(xlabel="layer", ylabel="σ², median and range", xlim=(0, depth), yscale="log")
    for axes in (leaky, smooth, total):
        axes.xaxis.get_major_locator().set_params(integer=True)
    leaky.set_title("(a) leaky ReLU of slope a")
    smooth.set_title("(b) smooth, from c₀ = " + " and ".join(f"{s:g}" for s in settings["starts"]))
    total.set_title(f"(c) total variance, c₀ = {settings['starts'][0]:g}")
    for axes in (leaky, smooth):
        # Below, for the curves may run anywhere.
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, columnspacing=1)
    sign(
        figure,
        job.spec["preset"],
        f"N = {settings['width']}, {settings['networks']} networks a curve, {settings['samples']} inputs; "
        "root of the mean share of σ² and its 95 % interval",
    )
    return figure
