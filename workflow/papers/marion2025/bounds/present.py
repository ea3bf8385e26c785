"""Looseness of the bounds in probability (Marion et al. 2025)."""

from collections.abc import Iterator
from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.bounds import change_bounds, markov_bound
from deepinit.resnet.ratios_theory import mean_squared_change_bounds, scaling_factor
from deepinit.stats.intervals import mean_interval
from papers.marion2025.bounds import measures
from papers.marion2025.bounds.measures import Squared
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, count_axis, footnote

figure = Presentation(measures)

DELTAS = np.geomspace(0.01, 0.9, 25)
STYLES = ["-", "--", "-.", ":"]
#: The δ of the panel on looseness.
SHOWN = 0.1
KEY = {"color": "0.3", "lw": 0.9}


@figure.summary
def squared(table: pd.DataFrame) -> Squared:
    """Squared changes by point; those of networks that have not moved are zero."""
    found = {}
    for (sampler, *place), rows in table.groupby(["sampler", "width", "depth", "beta"]):
        logs = rows[f"log10_{measures.RATIOS[sampler]}_change"].fillna(-np.inf)
        found[sampler, *place] = 10 ** (2 * logs.to_numpy())
    return found


@figure.summary
def mean_changes(squared: Squared) -> pd.DataFrame:
    """Mean squared change and its 95 % interval by width, β and depth, without gradients."""
    found = {
        (width, beta, depth): mean_interval(changes, 0.95)
        for (sampler, width, depth, beta), changes in squared.items()
        if sampler == "lengths"
    }
    return pd.DataFrame(found, ["value", "low", "high"]).T.sort_index()


def _colours(s: SimpleNamespace) -> Iterator[tuple[str, int]]:
    """Return the colour of each width, and the width."""
    return zip(cycle(COLOURS), sorted(s.widths), strict=False)


def _delta_axis(axis: Axes, title: str, label: str) -> None:
    axis.set(xscale="log", yscale="log", xlabel="δ", xlim=(DELTAS[0], 1), title=title, ylabel=label)


def _markov(axis: Axes, s: SimpleNamespace, squared: Squared) -> None:
    """Draw quantiles of the change at the greatest depth, and the bound on them."""
    deepest = max(s.depths)
    axis.plot(DELTAS, 2 / DELTAS, color="black", lw=1, label="bound 2/δ")
    for style, beta in zip(cycle(STYLES), s.betas, strict=False):
        axis.plot([], [], **KEY, ls=style, label=f"quantiles, β = {beta:g}")
        budget = deepest * scaling_factor(deepest, beta) ** 2
        for colour, width in _colours(s):
            change = squared["lengths", width, deepest, beta]
            quantiles = np.quantile(change, 1 - DELTAS) / budget
            axis.plot(DELTAS, quantiles, color=colour, ls=style, lw=0.9)
    axis.legend(fontsize=6, loc="upper right")
    _delta_axis(axis, "(a) bound 2Lα²/δ", r"$\|h_L-h_0\|^2 \,/\, (L\alpha^2\|h_0\|^2)$")


def _means(axis: Axes, s: SimpleNamespace, mean_changes: pd.DataFrame) -> None:
    """Draw the mean squared change and its two bounds against depth."""
    fine = np.unique(np.geomspace(min(s.depths), max(s.depths), 60).astype(int))
    for style, beta in zip(cycle(STYLES), s.betas, strict=False):
        ends = np.array([mean_squared_change_bounds(depth, beta) for depth in fine])
        axis.fill_between(fine, ends[:, 0], ends[:, 1], color="0.5", alpha=0.2, lw=0)
        axis.plot(fine, ends, **KEY, ls=style)
        axis.plot([], [], **KEY, ls=style, label=f"bounds, β = {beta:g}")
    for shift, (colour, width) in enumerate(_colours(s), -1):
        for beta in s.betas:
            found = mean_changes.loc[width, beta]
            errors = [found["value"] - found["low"], found["high"] - found["value"]]
            axis.errorbar(found.index * 1.15**shift, found["value"], errors,
                          color=colour, marker="o", ms=2.5, ls="none", elinewidth=0.8)  # fmt: skip
    axis.legend(fontsize=6)
    count_axis(axis, sorted(s.depths), "depth L")
    axis.set(
        yscale="log",
        title="(b) mean and its two bounds",
        ylabel=r"$\mathrm{E}\,\|h_L-h_0\|^2 \,/\, \|h_0\|^2$",
    )


def _theorem(axis: Axes, s: SimpleNamespace, squared: Squared) -> None:
    """Draw the theorem's bounds at β = ½ and the quantiles that they bound."""
    for colour, width in _colours(s):
        change = squared["lengths", width, max(s.depths), 0.5]
        line = {"color": colour, "lw": 0.9}
        low, high = change_bounds(width, DELTAS)
        axis.plot(DELTAS, high, **line, ls="--")
        axis.plot(DELTAS, np.where(low > 0, low, np.nan), **line, ls="--")
        for probability in (1 - DELTAS / 2, DELTAS / 2):
            axis.plot(DELTAS, np.quantile(change, probability), **line)
    axis.plot([], [], **KEY, label="quantiles δ/2 and 1 − δ/2")
    axis.plot([], [], **KEY, ls="--", label="bounds")
    axis.legend(fontsize=6, loc="lower left")
    _delta_axis(axis, "(c) the theorem's bounds, β = ½", r"$\|h_L-h_0\|^2 \,/\, \|h_0\|^2$")
    axis.set_ylim(0.008, 300)


def _looseness(axis: Axes, s: SimpleNamespace, squared: Squared) -> None:
    """Draw upper bounds over the quantiles that they bound, β = ½, against depth."""
    depths = sorted(s.depths)
    for colour, width in _colours(s):
        # Of the theorem half of δ is left to the other side.
        for style, limit, probability in (
            ("-", markov_bound(1, 0.5, SHOWN), 1 - SHOWN),
            ("--", change_bounds(width, SHOWN)[1], 1 - SHOWN / 2),
        ):
            changes = [squared["lengths", width, depth, 0.5] for depth in depths]
            ratios = [limit / np.quantile(change, probability) for change in changes]
            axis.plot(depths, ratios, color=colour, ls=style, marker="o", ms=2.5, lw=0.9)
    axis.plot([], [], **KEY, ls="-", label="2/δ")
    axis.plot([], [], **KEY, ls="--", label="theorem")
    axis.axhline(1, color="black", lw=1)
    axis.legend(fontsize=6, loc=(0.65, 0.15))
    count_axis(axis, depths, "depth L")
    axis.set(
        yscale="log",
        title=f"(d) upper bounds against depth, δ = {SHOWN}",
        ylabel="bound / quantile",
    )


@figure.draw
def draw(s: SimpleNamespace, squared: Squared, mean_changes: pd.DataFrame, preset: str) -> Page:
    """Markov's bound, the bounds on the mean and those of the theorem at β = ½, against the law."""
    page, ((markov, mean), (theorem, loose)) = plt.subplots(2, 2, figsize=(FULL_WIDTH, 4.6))
    _markov(markov, s, squared)
    _means(mean, s, mean_changes)
    _theorem(theorem, s, squared)
    _looseness(loose, s, squared)
    handles = [
        plt.Line2D([], [], color=colour, label=f"d = {width}") for colour, width in _colours(s)
    ]
    page.legend(handles=handles, loc="outside upper center", ncols=len(s.widths))
    text = f"Gaussian weights, {s.networks} networks per point; (b): 95 % intervals"
    footnote(page, preset, f"{text}; (a), (c): L = {max(s.depths)}")
    return page
