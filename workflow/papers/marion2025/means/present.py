"""Where the mean of 50 networks that explode may lie (after Marion et al. 2025, Figures 1 and 4)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import log10_mean
from deepinit.stats.log_normal_mean import further_mean
from papers.marion2025.published_means import NETWORKS
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS, PUBLISHED, count_axis, footnote, panels, power_of_ten
from study.verdicts import LEVEL

figure = Presentation()

_SPAN = "interval for such a mean, 99.9 % or more"


@figure.summary
def further(table: pd.DataFrame) -> pd.DataFrame:
    """Return log10 of the mean over all networks, and where that of 50 others lies with 99.9 %.

    By weights and depth.
    """
    logs = table.groupby(["weights", "depth"])["log10_output_change"]
    rows = {place: further_mean(found, NETWORKS, LEVEL) for place, found in logs}
    return pd.DataFrame(rows, ["value", "low", "high"]).T


def _means(table: pd.DataFrame) -> np.ndarray:
    """Return log10 of the means of successive fifties of networks at one point."""
    logs = table["log10_output_change"].to_numpy()
    fifties = len(logs) // NETWORKS
    return np.array([log10_mean(part) for part in logs[: fifties * NETWORKS].reshape(fifties, -1)])


def _against_depth(
    axis: Axes, table: pd.DataFrame, further: pd.DataFrame, crosses: pd.DataFrame
) -> None:
    """Draw means of fifty against depth, where one of them may lie, and the published ones."""
    depths = []
    for depth, found in table.groupby("depth"):
        low, high = further.loc[("independent", depth), ["low", "high"]]
        axis.plot([depth, depth], 10 ** np.array([low, high]), color=COLOURS[0], lw=5, alpha=0.25)
        means = 10 ** _means(found)
        axis.plot(np.full(len(means), depth), means, "_", color=COLOURS[0], ms=6, mew=0.5)
        depths.append(int(depth))
    axis.plot([], [], "_", color=COLOURS[0], label="means of 50 networks")
    axis.plot([], [], color=COLOURS[0], lw=5, alpha=0.25, label=_SPAN)
    axis.plot(crosses["depth"], crosses["ratio"], **PUBLISHED, label="published")
    count_axis(axis, depths, "depth L")
    axis.set_xticks(depths)
    axis.minorticks_off()
    axis.set(yscale="log", ylabel=r"$\|h_L - h_0\| \, / \, \|h_0\|$")
    axis.legend(loc="upper left", fontsize=6)


def _distribution(axis: Axes, table: pd.DataFrame, limits: pd.Series) -> None:
    """Draw the distribution of single networks and of means of fifty, and where one of them may lie."""
    axis.axvspan(limits["low"], limits["high"], color=COLOURS[0], alpha=0.15, lw=0, label=_SPAN)
    single = table["log10_output_change"].to_numpy()
    for values, bins, colour, label in (
        (single, 25, "0.6", "single networks"),
        (_means(table), 8, COLOURS[0], "means of 50 networks"),
    ):
        axis.hist(values, bins, density=True, color=colour, alpha=0.6, lw=0, label=label)
    axis.set(xlabel=r"$\|h_L - h_0\| \, / \, \|h_0\|$", ylabel="density of the logarithm")
    axis.xaxis.set_major_formatter(power_of_ten)
    axis.set_ylim(top=1.3 * axis.get_ylim()[1])
    axis.legend(loc="upper left", fontsize=6)


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, further: pd.DataFrame, published: Tables, preset: str
) -> Page:
    """Means of fifty with iid weights against depth, and their distribution with smooth weights."""
    page, (against, smooth) = panels(2, height=2.6)
    crosses = published["means"]
    crosses = crosses[(crosses["beta"] == s.independent_beta) & crosses["depth"].isin(s.depths)]
    groups = dict(list(table.groupby("weights")))
    _against_depth(against, groups["independent"], further, crosses)
    _distribution(smooth, groups["smooth"], further.loc[("smooth", s.smooth_depth)])
    against.set_title(f"(a) iid weights, β = {s.independent_beta:g}")
    smooth.set_title(f"(b) smooth weights, β = {s.smooth_beta:g}, L = {s.smooth_depth}")
    counts = f"networks per point: {s.independent_networks} in (a), {s.smooth_networks} in (b)"
    footnote(page, preset, f"d = {s.width}; {counts}")
    return page
