"""Squared length against depth (Hanin & Rolnick 2018, Figure 1a)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.statistics import log10_mean_interval
from deepinit.theory.length_moments import log_factor_moments
from deepinit.weight_laws import WEIGHT_LAWS
from figures.hanin2018.initialisations import appearance
from figures.parts import FULL_WIDTH, panels, power_of_ten, sign
from pipeline.job import Job


def _mean_length(axis: Axes, frame: pd.DataFrame, looks: dict[str, dict]) -> None:
    for law, look in looks.items():
        alive = frame[(frame["law"] == law) & ~frame["dead"]]
        groups = alive.groupby("depth")["log10_length"]
        # A dead network has length zero: it counts in the mean, as a factor on that of the rest.
        share = np.log10(1 - frame[frame["law"] == law].groupby("depth")["dead"].mean())
        rows = {d: log10_mean_interval(g, resamples=1000) for d, g in groups}
        curve = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
        curve = curve.add(share, axis=0)
        error = [curve["mean"] - curve["low"], curve["high"] - curve["mean"]]
        axis.errorbar(curve.index, curve["mean"], error, ls="none", lw=0.8, ms=3, **look)
        exact = np.log10(WEIGHT_LAWS[law].length_gain) * curve.index
        axis.plot(curve.index, exact, color=look["color"], lw=0.8)


def _typical_length(axis: Axes, frame: pd.DataFrame, looks: dict[str, dict]) -> None:
    for law, look in looks.items():
        alive = frame[(frame["law"] == law) & ~frame["dead"]]
        relative = alive["log10_length"] - alive["depth"] * np.log10(WEIGHT_LAWS[law].length_gain)
        quantiles = relative.groupby(alive["depth"]).quantile([0.1, 0.5, 0.9]).unstack()
        if law == "he_normal":
            axis.fill_between(
                quantiles.index,
                quantiles[0.1],
                quantiles[0.9],
                color=look["color"],
                alpha=0.18,
                lw=0,
            )
        axis.plot(quantiles.index, quantiles[0.5], ms=3, lw=0.8, **look)
    depths = np.sort(frame["depth"].unique())
    shift = [depth * log_factor_moments(depth)[0] / np.log(10) for depth in depths]
    axis.plot(depths, shift, "k--", lw=0.9, label="exact mean of log, Gaussian")


def fig1a(job: Job) -> Figure:
    """Mean and typical squared length after the last layer against depth (= width)."""
    frame, spec = job.table(), job.spec["settings"]
    looks = appearance(spec["laws"])
    figure, axes = panels(2, width=FULL_WIDTH, height=3.0)
    _mean_length(axes[0], frame, looks)
    _typical_length(axes[1], frame, looks)
    axes[0].set(title=r"(a) mean; lines: exact, $\kappa^d$", ylabel=r"$M_d / M_0$")
    axes[1].set(
        title="(a′) median over the exact mean", ylabel=r"$M_d / (\kappa^d M_0)$", ylim=(-4, 2)
    )
    for axis in axes:
        axis.yaxis.set_major_formatter(power_of_ten)
        axis.yaxis.get_major_locator().set_params(integer=True)
        axis.set_xlabel("depth d = width")
        axis.xaxis.get_major_locator().set_params(integer=True)
    handles, labels = axes[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center")
    count = frame.groupby(["law", "depth"]).size().min()
    sign(figure, job.spec["preset"], f"{count} networks a point, 95 % bootstrap intervals")
    return figure
