"""Squared length against depth (Hanin & Rolnick 2018, Figure 1a)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.dense.length_law import log_length_law
from deepinit.dense.length_moments import log_factor_moments
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.stats.intervals import log10_mean_interval
from papers.hanin2018.fig1a import measures
from papers.hanin2018.looks import looks_of_laws
from papers.hanin2018.published import PAPER_LAWS
from study.presentation import Presentation
from study.style import (
    COLOURS,
    FULL_WIDTH,
    decades,
    footnote,
    legend_above,
    line_with_band,
    panels,
)

figure = Presentation(measures)

DEPTH_COLOURS = (COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[4])


def _mean_length(axis: Axes, frame: pd.DataFrame, looks: dict[str, dict]) -> None:
    for law, look in looks.items():
        alive = frame[(frame["law"] == law) & ~frame["dead"]]
        groups = alive.groupby("depth")["log10_length"]
        # A dead network has length zero: it counts in the mean, as a factor on that of the rest.
        share = np.log10(1 - frame[frame["law"] == law].groupby("depth")["dead"].mean())
        rows = {d: log10_mean_interval(g, 0.95, resamples=1000) for d, g in groups}
        curve = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
        curve = curve.add(share, axis=0)
        if law not in PAPER_LAWS:
            axis.errorbar(curve.index, curve["mean"], zorder=1, **look)
            continue
        if law == "he_normal":
            # Seen around He uniform, which lies on it.
            look = look | {"markerfacecolor": "white", "ms": 5.5, "zorder": 1.5}
        error = [curve["mean"] - curve["low"], curve["high"] - curve["mean"]]
        axis.errorbar(curve.index, curve["mean"], error, ls="none", **look)
        exact = np.log10(WEIGHT_LAWS[law].length_gain) * curve.index
        axis.plot(curve.index, exact, color=look["color"], lw=0.8)
    gains = [np.log10(WEIGHT_LAWS[law].length_gain) for law in looks if law in PAPER_LAWS]
    if gains:
        # What is added must not set the range.
        low, high = (edge(gains) * frame["depth"].max() for edge in (min, max))
        axis.set_ylim(min(low, 0) - 4, max(high, 0) + 4)


def _typical_length(axis: Axes, frame: pd.DataFrame, looks: dict[str, dict]) -> None:
    for law, look in looks.items():
        alive = frame[(frame["law"] == law) & ~frame["dead"]]
        relative = alive["log10_length"] - alive["depth"] * np.log10(WEIGHT_LAWS[law].length_gain)
        quantiles = relative.groupby(alive["depth"]).quantile([0.1, 0.5, 0.9]).unstack()
        if law == "he_normal":
            line_with_band(axis, quantiles.index, quantiles[0.5], quantiles[0.1], quantiles[0.9],
                           **look | {"markerfacecolor": "white"})  # fmt: skip
        elif law == "orthogonal":
            axis.plot(quantiles[0.5], **look)
        else:
            # All on one line.
            axis.plot(quantiles[0.5], color="0.6", lw=0.5, zorder=1)
    axis.plot([], [], color="0.6", lw=0.5, label="all others")
    depths = np.sort(frame["depth"].unique())
    shift = [depth * log_factor_moments(depth)[0] / np.log(10) for depth in depths]
    axis.plot(depths, shift, "k--", lw=0.9, label="exact mean of log, Gaussian")
    axis.legend(loc="upper left")


def _law(axis: Axes, frame: pd.DataFrame, depths: list[int]) -> None:
    """Draw histograms of log10 M_d for He normal, exact densities and log-normal approximations."""
    logs = frame[(frame["law"] == "he_normal") & ~frame["dead"]].groupby("depth")["log10_length"]
    shown = [depth for depth in depths if depth in logs.groups]
    y = np.linspace(-6, 3, 400)
    for index, depth in enumerate(shown):
        values, colour = logs.get_group(depth), DEPTH_COLOURS[index % len(DEPTH_COLOURS)]
        axis.hist(values, bins="auto", density=True, color=colour, histtype="step", lw=0.7)
        law = log_length_law([depth] * depth)
        axis.plot(y, law.pdf(y * np.log(10)) * np.log(10), color=colour, lw=1, label=f"d = {depth}")
    if shown:
        # β = Σ 1/n = 1 at depth = width, so that one approximation serves all.
        normal = scipy.stats.norm.pdf(y, -2.5 / np.log(10), np.sqrt(5) / np.log(10))
        axis.plot(y, normal, "k--", lw=0.9, label="ln M ~ N(−5/2, 5)")
        axis.legend(loc="upper left", title="lines: exact; steps: networks", title_fontsize=6.5)
        axis.set_ylim(0, (1.3 + 0.12 * len(shown)) * axis.get_ylim()[1])
    axis.set(
        title="(a″) distribution, He normal", xlim=(-5.5, 2.5), xlabel=r"$M_d / M_0$",
        ylabel=r"density of $\log_{10} M_d$",
    )  # fmt: skip
    decades(axis.xaxis)


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Mean and typical squared length after the last layer against depth (= width), and its law."""
    looks = {
        law: look | ({"ms": 3, "lw": 0.8} if law in PAPER_LAWS else {"marker": "", "lw": 0.6})
        for law, look in looks_of_laws(s.laws).items()
    }
    page, axes = panels(3, width=FULL_WIDTH, height=3.2)
    _mean_length(axes[0], table, looks)
    _typical_length(axes[1], table, looks)
    _law(axes[2], table, s.law_depths)
    axes[0].set(title=r"(a) mean; lines: exact, $\kappa^d$", ylabel=r"$M_d / M_0$")
    axes[1].set(
        title="(a′) median over the exact mean", ylabel=r"$M_d / (\kappa^d M_0)$", ylim=(-4, 4)
    )
    for axis in axes[:2]:
        decades(axis.yaxis)
        axis.set_xlabel("depth d = width")
        axis.xaxis.get_major_locator().set_params(integer=True)
    legend_above(page, [axes[0]], 4)
    count = table.groupby(["law", "depth"]).size().min()
    footnote(
        page,
        preset,
        f"{count} networks per point; (a): 95 % bootstrap intervals, (a′): 10 % to 90 %",
    )
    return page
