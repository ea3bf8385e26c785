"""Failure mode 2: empirical variance of the lengths over layers (Hanin & Rolnick 2018)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.dense.empirical_variance_theory import wide_limit
from deepinit.stats.intervals import log10_mean_interval
from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.empirical_variance import measures
from papers.hanin2018.looks import looks, looks_of_scales
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, decades, footnote

figure = Presentation(measures)


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """Return log10 of the mean, low and high by depth; V̂ = 0 counts as zero."""
    kept = rows[~rows["flat"]].groupby("depth")["log10_variance"]
    means = {depth: log10_mean_interval(group, 0.95, resamples=1000) for depth, group in kept}
    curve = pd.DataFrame.from_dict(means, orient="index", columns=["mean", "low", "high"])
    return curve.add(np.log10(1 - rows.groupby("depth")["flat"].mean()), axis=0)


def _patterns(axes: np.ndarray, frame: pd.DataFrame, patterns: list[str]) -> None:
    for name, look in looks(patterns, lambda name: WIDTH_PATTERNS[name].label).items():
        rows = frame[frame["pattern"] == name]
        place = rows.groupby("depth")[["beta", "exact_log10_mean"]].first()
        tilted = _means(rows[rows["sampler"] == "tilted"])
        error = [tilted["mean"] - tilted["low"], tilted["high"] - tilted["mean"]]
        for axis, x in zip(axes, (place.index, place["beta"]), strict=True):
            if name != "depth" or axis is axes[0]:
                axis.plot(x, place["exact_log10_mean"], lw=0.8, color=look["color"])
            axis.errorbar(x, tilted["mean"], error, ls="none", ms=3, lw=0.8, **look)


def _what_samples_show(axis: Axes, frame: pd.DataFrame, name: str) -> None:
    rows = frame[(frame["pattern"] == name) & ~frame["flat"]]
    plain = rows[rows["sampler"] == "plain"]
    depths = plain.groupby("depth")["log10_variance"]
    quantiles = depths.quantile([0.1, 0.5, 0.9]).unstack()
    colour = COLOURS[0]
    axis.fill_between(quantiles.index, quantiles[0.1], quantiles[0.9], color=colour, alpha=0.18,
                      lw=0, label="10 % to 90 %")  # fmt: skip
    axis.plot(quantiles[0.5], color=colour, ls="--", lw=0.9, label="median")
    sample = _means(frame[(frame["pattern"] == name) & (frame["sampler"] == "plain")])
    axis.plot(sample["mean"], "o", color=colour, ms=3, label="mean of the sample")
    axis.plot(rows.groupby("depth")["exact_log10_mean"].first(), color="black", lw=0.9,
              label=r"exact mean")  # fmt: skip
    axis.set_title(f"(c) {WIDTH_PATTERNS[name].label}: samples")
    axis.legend(loc="upper left")


def _residual(axis: Axes, frame: pd.DataFrame, s: SimpleNamespace) -> None:
    """Draw medians and means by scale; with 10 % to 90 % for modules that end in ReLU."""
    for base, look in looks_of_scales(s.residual_bases).items():
        colour = look["color"]
        for ending, line, face in (("relu", "-", colour), ("linear", "--", "white")):
            rows = frame[(frame["pattern"] == ending) & (frame["base"] == base)]
            if not len(rows):
                continue
            quantiles = rows.groupby("depth")["log10_variance"].quantile([0.1, 0.5, 0.9]).unstack()
            if ending == "relu":
                axis.fill_between(
                    quantiles.index, quantiles[0.1], quantiles[0.9], color=colour, alpha=0.15, lw=0
                )
            axis.plot(quantiles[0.5], line, color=colour, lw=0.9)
            axis.plot(_means(rows)["mean"], ls="none", marker=look["marker"], ms=3.5, color=colour,
                      markerfacecolor=face)  # fmt: skip
            if ending == "linear":
                exact = rows.groupby("depth")["exact_log10_mean"].first()
                axis.plot(exact, ":", color=colour, lw=0.9)
        axis.plot([], [], color=colour, marker=look["marker"], ms=3.5, label=look["label"])
    for line, face, name in (("-", "0.3", "ends in ReLU"), ("--", "white", "ends linear (added)")):
        axis.plot([], [], line, color="0.3", marker="s", ms=3.5, markerfacecolor=face, label=name)
    axis.plot([], [], ":", color="0.3", lw=0.9, label="exact mean, linear")
    axis.set_title("(d) residual: mean (symbols), median")


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """E[V̂] against depth and against β, what samples show of it, and residual networks."""
    page, rows = plt.subplots(2, 2, figsize=(FULL_WIDTH, 5.2))
    top, bottom = rows
    connected = table[table["family"] == "fully_connected"]
    _patterns(top, connected, s.patterns)
    beta = np.linspace(connected["beta"].min(), connected["beta"].max(), 100)
    top[1].plot(beta, np.log10(wide_limit(beta)), "k--", lw=0.9, label="wide limit, any depth")
    top[1].plot(beta, 5 * beta / np.log(10), "k:", lw=0.9, label=r"$\exp(5\beta)$")
    mean = r"$\mathrm{E}\,\hat V$"
    top[0].set(title="(a) mean against depth; lines: exact", ylabel=mean)
    top[1].set(title=r"(b) mean against $\beta = \Sigma_j 1/n_j$", xlabel=r"$\beta$", ylabel=mean)
    _what_samples_show(bottom[0], connected, s.patterns[0])
    _residual(bottom[1], table[table["family"] == "residual"], s)
    bottom[1].set_xlabel("residual modules L")
    both = [axis.get_ylim() for axis in bottom]
    for axis in bottom:
        axis.set_ylim(min(low for low, _ in both), max(12, *(high for _, high in both)))
        axis.set_ylabel(r"$\hat V$")
    for axis in (top[0], bottom[0]):
        axis.set_xlabel("depth d")
    for axis in (top[0], *bottom):
        axis.xaxis.get_major_locator().set_params(integer=True)
    for axis in rows.flat:
        decades(axis.yaxis)
    for axis in (top[1], bottom[1]):
        axis.legend(loc="upper left", bbox_to_anchor=(1.02, 1.03))
    text = (
        f"{s.networks} networks per point, {s.tilted} weighted ones for the means in "
        f"(a), (b), 95 % bootstrap intervals; residual: width {s.residual_width}"
    )
    footnote(page, preset, text)
    return page
