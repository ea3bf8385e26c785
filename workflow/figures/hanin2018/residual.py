"""Length in residual networks with scaled modules (Hanin & Rolnick 2018, Figure 2a)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_upper_bound,
    log_upper_bound_relu,
    module_scales,
)
from deepinit.stats.intervals import log10_mean_interval
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, panels, power_of_ten, sign

MARKERS = "osD^v<>"
# Where scaled modules level off; unscaled ones leave the panel.
_TOP = 8
TITLES = {"relu": "modules end in ReLU", "linear": "modules end in a linear layer"}


def scale_label(base: float) -> str:
    """Return η_l = b^l in words of mathematics."""
    return r"$\eta_\ell = 1$" if base == 1 else rf"$\eta_\ell = {base:g}^\ell$"


def mean_by_population(frame: pd.DataFrame) -> pd.DataFrame:
    """Return log10 of the mean, low and high, by number of modules, from the populations."""
    rows = frame[frame["sampler"] == "population"].groupby("modules")["log10_length"]
    means = {modules: log10_mean_interval(group) for modules, group in rows}
    return pd.DataFrame.from_dict(means, orient="index", columns=["mean", "low", "high"])


def _bounds(axis: Axes, base: float, modules: int, ending: str, settings: dict, colour) -> None:
    scales = module_scales(base, modules)
    x = np.arange(modules + 1)
    lower = np.r_[0, log_mean_growth_linear(scales)] / np.log(10)
    if ending == "linear":
        axis.plot(x, lower, color=colour, lw=0.9)
        return
    upper = np.r_[0, log_upper_bound(scales)] / np.log(10)
    sharper = np.r_[0, log_upper_bound_relu(scales, settings["hidden"])] / np.log(10)
    axis.fill_between(x, lower, upper, color=colour, alpha=0.1, lw=0)
    axis.plot(x, sharper, color=colour, lw=0.7, ls=":")


def _lengths(axis: Axes, frame: pd.DataFrame, ending: str, settings: dict) -> None:
    for index, base in enumerate(settings["bases"]):
        rows, colour = frame[frame["base"] == base], COLOURS[index % len(COLOURS)]
        _bounds(axis, base, int(rows["modules"].max()), ending, settings, colour)
        curve = mean_by_population(rows)
        error = [curve["mean"] - curve["low"], curve["high"] - curve["mean"]]
        axis.errorbar(curve.index, curve["mean"], error, ls="none", lw=0.8, ms=2.6, color=colour,
                      marker=MARKERS[index % len(MARKERS)], label=scale_label(base))  # fmt: skip
        networks = rows[rows["sampler"] == "network"].groupby("modules")["log10_length"]
        axis.plot(networks.median(), color=colour, lw=0.8, ls="--")
    axis.set(xlabel="residual modules L", ylim=(-0.3, _TOP))
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.yaxis.set_major_formatter(power_of_ten)


def _against_sum(axis: Axes, frame: pd.DataFrame, settings: dict) -> None:
    for index, base in enumerate(settings["bases"]):
        colour = COLOURS[index % len(COLOURS)]
        for ending, face in (("relu", colour), ("linear", "none")):
            rows = frame[(frame["base"] == base) & (frame["ending"] == ending)]
            if not len(rows):
                continue
            curve = mean_by_population(rows)
            total = np.cumsum(module_scales(base, int(curve.index.max())))[curve.index - 1]
            axis.plot(total, curve["mean"] * np.log(10), ls="none", ms=2.6, color=colour,
                      markerfacecolor=face, marker=MARKERS[index % len(MARKERS)])  # fmt: skip
    reach = np.array([0, 12])
    axis.plot(reach, reach, "k:", lw=0.8, label=r"$\exp(\Sigma\eta_\ell)$")
    axis.set(xlim=(0, 12), ylim=(0, 12), xlabel=r"$\Sigma_\ell\, \eta_\ell$",
             ylabel=r"$\ln \; \mathrm{E}\,[M_L]/M_0$")  # fmt: skip
    axis.legend(loc="upper left")


def fig2a(job: Job) -> Figure:
    """E[M_L]/M_0 against the number of modules by kind of module, and against Σ η."""
    frame, settings = job.table(), job.spec["settings"]
    endings = settings["endings"]
    figure, axes = panels(len(endings) + 1, width=FULL_WIDTH, height=2.9)
    for axis, ending, letter in zip(axes, endings, "ab", strict=False):
        _lengths(axis, frame[frame["ending"] == ending], ending, settings)
        axis.set_title(f"({letter}) {TITLES[ending]}")
    axes[0].set_ylabel(r"$M_L / M_0$")
    _against_sum(axes[-1], frame, settings)
    axes[-1].set_title(f"({'abc'[len(endings)]}) against Σ η (open: linear)")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    sign(
        figure,
        job.spec["preset"],
        f"stream of width {settings['width']}, hidden layers of width {settings['hidden']}. Symbols: "
        f"mean from {settings['populations']} populations of {settings['particles']}, 95 % bootstrap "
        f"intervals; dashed: median of {settings['networks']} networks; lines in (b): exact mean; in "
        "(a) shaded: bounds derived here, dotted: sharper upper one",
    )
    return figure
