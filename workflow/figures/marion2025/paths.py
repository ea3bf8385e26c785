"""Sample paths of fractional Brownian motion (Marion et al. 2025, Figure 6)."""

import numpy as np
from matplotlib.figure import Figure

from study.job import Job
from study.style import COLOURS, panels, sign


def fig6(job: Job) -> Figure:
    """Paths of fractional Brownian motion and their standard deviation, one panel a Hurst index."""
    spec = job.spec["settings"]
    frame = job.table()
    frame = frame[(frame["quantity"] == "position") & (frame["path"] < spec["drawn"])]
    figure, axes = panels(len(spec["hursts"]), height=2.2, sharex=True, sharey=True)
    time = np.arange(spec["steps"] + 1) / spec["steps"]
    for axis, hurst, letter in zip(axes, spec["hursts"], "abcdefgh", strict=False):
        paths = frame[frame["hurst"] == hurst].pivot(index="step", columns="path", values="value")
        deviation = time**hurst
        axis.plot(time, paths.to_numpy()[:, 1:], color="0.6", lw=0.35)
        axis.plot(time, paths[0], color=COLOURS[0], lw=0.8, label="one path")
        axis.plot(time, deviation, "--", color="black", lw=0.9)
        axis.plot(time, -deviation, "--", color="black", lw=0.9,
                  label=r"$\pm t^H$, one standard deviation")  # fmt: skip
        axis.set(xlabel="k / N", title=f"({letter}) H = {hurst:g}", xlim=(0, 1))
    axes[0].set_ylabel("fractional Brownian motion")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    count = frame["path"].nunique()
    sign(figure, job.spec["preset"], f"{count} paths a panel, N = {spec['steps']} steps")
    return figure
