"""The weight inside the activation, as captioned, beside res-3 (Marion et al. 2025, Figure 11)."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from papers.marion2025.inside_drawing import CAPTIONED, RES_3
from study.job import Job
from study.style import COLOURS, legend_above, panels, power_of_ten, sign


def fig11(job: Job) -> Figure:
    """Histograms of log10 ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖: as captioned and res-3."""
    captioned, res_3, settings = job.table(), job.table("fig2"), job.spec["settings"]
    figure, axes = panels(2, height=2.5, sharey=True)
    for axis, name, title in zip(
        axes, ("output", "gradient"), ("(a) outputs", "(b) gradients"), strict=True
    ):
        column = f"log10_{name}_norm"
        samples = {
            (CAPTIONED, COLOURS[3]): captioned[captioned["sampler"] == "reduced"][column],
            (RES_3, COLOURS[0]): res_3[res_3["sampler"] == "reduced"][column],
        }
        low = min(values.min() for values in samples.values())
        high = max(values.max() for values in samples.values())
        bins = np.linspace(np.floor(2 * low) / 2, np.ceil(2 * high) / 2, 90)
        for (label, colour), values in samples.items():
            shares = np.full(len(values), 1 / len(values))
            axis.hist(values, bins, weights=shares, color=colour, alpha=0.5, lw=0, label=label)
            axis.axvline(values.median(), color=colour, lw=0.9, ls="--")
        drawn = captioned[captioned["sampler"] == "explicit"][column]
        axis.hist(drawn, bins[::2], weights=np.full(len(drawn), 0.5 / len(drawn)), histtype="step",
                  color="black", lw=0.8, label="as captioned, uniform weights")  # fmt: skip
        axis.plot([], [], "--", color="0.4", lw=0.9, label="median")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axis.xaxis.set_major_formatter(power_of_ten)
        axis.set_title(title)
    axes[0].set(xlabel=r"$\|h_L\| \, / \, \|h_0\|$", ylabel="share of networks a bin", yscale="log")
    axes[1].set(xlabel=r"$\|p_0\| \, / \, \|p_L\|$")
    legend_above(figure, axes, columns=2)
    reduced, drawn = captioned["sampler"].value_counts()[["reduced", "explicit"]]
    compared = (res_3["sampler"] == "reduced").sum()
    counts = f"{reduced} + {drawn} networks as captioned, {compared} of res-3"
    text = f"L = {settings['depth']}, d = {settings['width']}, β = {settings['beta']:g}, {counts}"
    sign(figure, job.spec["preset"], text)
    return figure
