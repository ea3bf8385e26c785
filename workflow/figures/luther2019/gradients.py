"""Gradients by layer at initialisation (after Luther & Seung 2019)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.meanfield.gradients_theory import (
    batch_norm_growth,
    gradient_correlation,
    sample_init_growth,
)
from deepinit.stats.intervals import mean_interval
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, line_with_band, panels, power_of_ten, sign

_COLOURS = {"plain": COLOURS[0], "sample init": COLOURS[2], "batch norm": COLOURS[1]}


def _with_interval(
    axes: Axes, values: pd.Series, layer: pd.Series, sign_of: float = 1.0, **style: object
) -> None:
    """Draw the mean over networks by layer and its 95 % interval."""
    estimates = [mean_interval(group) for _, group in values.groupby(layer)]
    value, low, high = sign_of * np.array(estimates).T
    line_with_band(axes, np.arange(len(value)), value, low, high, **style)


def gradients(job: Job) -> Figure:
    """Size of the gradients, and the share that all inputs have in common."""
    frame, settings = job.table(), job.spec["settings"]
    depth, batch = settings["depth"], settings["batch"]
    layers = np.arange(depth)
    total = frame["squared_mean"] + frame["variance"]
    frame = frame.assign(log10_rms=np.log10(total) / 2, share=frame["squared_mean"] / total)
    figure, (size, common) = panels(2, width=FULL_WIDTH, height=2.6)
    growth = {
        "plain": 1.0,
        "sample init": sample_init_growth(batch),
        "batch norm": batch_norm_growth(batch),
    }
    for kind, colour in _COLOURS.items():
        of_kind = frame[frame["kind"] == kind]
        own = of_kind[of_kind["output_gradient"] == "own"]
        _with_interval(size, own["log10_rms"], own["layer"], color=colour, label=kind)
        size.plot(
            layers,
            np.log10(growth[kind]) / 2 * (depth - 1 - layers),
            "--",
            color=colour,
            lw=0.9,
        )
        shared = of_kind[of_kind["output_gradient"] == "shared"]
        _with_interval(common, shared["share"], shared["layer"], color=colour)
    limit = gradient_correlation(correlation_by_layer(depth - 1))
    common.plot(layers, limit, "--", color=_COLOURS["plain"], lw=0.9)
    halving = gradient_correlation(np.zeros(depth))
    common.plot(layers, halving, "--", color=_COLOURS["sample init"], lw=0.9)
    size.plot([], [], "--", color="0.4", lw=0.9, label="infinite width")
    size.yaxis.set_major_formatter(power_of_ten)
    size.set(xlabel="layer", ylabel="r.m.s. gradient", xlim=(0, depth - 1))
    size.set_title("(a) output gradient of its own for each input")
    common.set(
        xlabel="layer", ylabel="share of the sample mean", xlim=(0, depth - 1), ylim=(-0.03, 1)
    )
    common.set_title("(b) one output gradient for all inputs")
    size.legend(loc="upper right")
    sign(
        figure,
        job.spec["preset"],
        f"N = {settings['width']}, batch of {batch} inputs, {settings['networks']} networks of each kind; "
        "mean over networks (left: of the logarithm) and 95 % interval",
    )
    return figure
