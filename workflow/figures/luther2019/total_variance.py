"""Total variance of finite networks over networks and layers (Luther & Seung 2019)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from deepinit.meanfield.total_variance import (
    WIDEST,
    first_order_variance,
    one_input_log_density,
    one_input_log_mean,
)
from deepinit.stats.intervals import bootstrap
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, line_with_band, panels, power_of_ten, sign

# Beyond this variance of log σ² a sample mean of some hundred networks is unreliable.
_HEAVY_TAIL = 0.5


def _mean(axes: Axes, group: pd.DataFrame, width: int, samples: int, colour: tuple) -> None:
    """Draw the sample mean by layer with its interval; dotted where it is heavy-tailed."""
    heavy = first_order_variance(group["layer"].max() + 1, samples) / width > _HEAVY_TAIL
    by_layer = [layer["total"].to_numpy() for _, layer in group.groupby("layer")]
    estimates = [bootstrap(values, np.mean, resamples=1000) for values in by_layer]
    value, low, high = np.array(estimates).T
    layers = np.arange(len(value))
    light = ~heavy
    line_with_band(axes, layers[light], value[light], low[light], high[light], color=colour)
    if heavy.any():
        first = int(np.argmax(heavy))
        axes.plot(layers[max(first - 1, 0) :], value[max(first - 1, 0) :], ":", color=colour)


def total_variance(job: Job) -> Figure:
    """Quantiles and mean of σ² by layer, and its law in the last layer."""
    frame = job.table("finite_width")
    frame = frame.assign(total=frame["squared_mean"] + frame["variance"])
    points = job.spec["read_settings"]["finite_width"]["points"]
    samples = {point["width"]: point["samples"] for point in points}
    last = int(frame["layer"].max())
    layers = np.arange(last + 1)
    figure, (typical, mean, law) = panels(3, width=FULL_WIDTH, height=2.6)
    counts = []
    for colour, (width, group) in zip(COLOURS, frame.groupby("width"), strict=False):
        logs = np.log10(group.set_index("layer")["total"]).groupby("layer")
        quantiles = logs.quantile([0.1, 0.5, 0.9]).unstack()
        line_with_band(
            typical,
            layers,
            quantiles[0.5],
            quantiles[0.1],
            quantiles[0.9],
            color=colour,
            label=f"N = {width}",
        )
        shrink = -first_order_variance(last + 1, samples[width]) / (2 * width) / np.log(10)
        typical.plot(layers, shrink, "--", color=colour, lw=0.8)
        exact = one_input_log_mean(width, last + 1) / np.log(10)
        typical.plot(layers, exact, ":", color=colour, lw=0.8)
        _mean(mean, group, width, samples[width], colour)
        final = np.log10(group[group["layer"] == last]["total"])
        bins = max(10, min(40, len(final) // 20))
        law.hist(final, bins, density=True, histtype="stepfilled", color=colour, alpha=0.3)
        if width <= WIDEST:
            values, density = one_input_log_density(width, last)
            law.plot(values / np.log(10), density * np.log(10), color=colour, lw=0.9)
        counts.append(f"{width}: {len(final)}")
    typical.plot([], [], "--", color="0.3", lw=0.8, label="first order in 1/N")
    typical.plot([], [], ":", color="0.3", lw=0.8, label="mean log, one input")
    typical.set(xlabel="layer", ylabel="σ², median and 10–90 %", xlim=(0, last))
    typical.set_title("(a) typical networks")
    typical.legend(loc="lower left", fontsize=5.5)
    mean.axhline(1, color="black", lw=0.8)
    mean.plot([], [], ":", color="0.3", label="heavy-tailed: unreliable")
    mean.plot([], [], color="black", lw=0.8, label="exact mean")
    mean.set(xlabel="layer", ylabel="σ², mean over networks", xlim=(0, last))
    mean.set_title("(b) mean")
    mean.legend(loc="lower left", fontsize=5.5)
    low = float(one_input_log_mean(int(frame["width"].min()), last + 1)[-1]) / np.log(10)
    law.set(xlabel=f"σ² in layer {last}", ylabel="density of log10 σ²", xlim=(1.8 * low - 0.6, 1.3))
    law.set_title("(c) law; line: one input")
    for axis in (typical.yaxis, law.xaxis):
        axis.set_major_formatter(power_of_ten)
        axis.set_major_locator(MaxNLocator(integer=True))
    sign(figure, job.spec["preset"], f"networks of each width: {', '.join(counts)}")
    return figure
