"""Sample mean and variance with normalisation before the ReLU (after Luther & Seung 2019)."""

import numpy as np
from matplotlib.figure import Figure

from deepinit.meanfield.arc_cosine import correlation_by_layer, mean_and_standard_deviation
from deepinit.meanfield.normalisation_theory import batch_norm_squared_mean
from deepinit.stats.intervals import mean_interval
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, line_with_band, panels, sign

_COLOURS = {"plain": COLOURS[0], "batch norm": COLOURS[1], "layer norm": COLOURS[2]}


def batch_norm(job: Job) -> Figure:
    """m and v over σ by layer for the three kinds of net, beside the infinite width."""
    frame, settings = job.table(), job.spec["settings"]
    total = frame["squared_mean"] + frame["variance"]
    # m² is unbiased and scatters around zero in layer 0; the square root is of its mean.
    frame = frame.assign(mean=frame["squared_mean"] / total, sd=frame["variance"] / total)
    last = settings["layers"] - 1
    layers = np.arange(last + 1)
    limits = {
        "plain": correlation_by_layer(last),
        "batch norm": np.where(layers == 0, 0, batch_norm_squared_mean()),
    }
    figure, panel = panels(2, width=FULL_WIDTH, height=2.5, sharex=True, sharey=True)
    for axes, column, index, title in zip(
        panel, ("mean", "sd"), (0, 1), ("(a) sample mean", "(b) sample sd"), strict=True
    ):
        for kind, colour in _COLOURS.items():
            of_kind = frame[frame["kind"] == kind]
            shares = [mean_interval(group[column]) for _, group in of_kind.groupby("layer")]
            value, low, high = np.sqrt(np.maximum(np.array(shares), 0)).T
            line_with_band(axes, layers, value, low, high, color=colour, label=kind)
        for kind, limit in limits.items():
            line = mean_and_standard_deviation(limit)[index]
            style = {
                "color": "black",
                "lw": 0.8,
                "label": "infinite width" if kind == "plain" else None,
            }
            axes.plot(layers, line, "--", **style)
        axes.set(xlabel="layer", xlim=(0, last), ylim=(0, 1.03))
        axes.set_title(title)
    panel[0].set_ylabel("m / σ")
    panel[1].set_ylabel("v / σ")
    panel[0].legend(loc="lower right")
    sign(
        figure,
        job.spec["preset"],
        f"N = {settings['width']}, {settings['networks']} networks of each kind, batch of "
        f"{settings['batch']} inputs; root of the mean share of σ² and its 95 % interval",
    )
    return figure
