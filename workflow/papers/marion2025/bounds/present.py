"""Coverage and looseness of the bounds in probability (Marion et al. 2025)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from numpy.typing import NDArray

from deepinit.resnet.bounds import change_bounds, markov_bound, norm_bounds
from deepinit.resnet.ratios_theory import mean_squared_change_bounds, scaling_factor
from deepinit.stats.intervals import fraction_interval, mean_interval
from papers.marion2025.bounds import measures
from papers.marion2025.bounds.measures import Squared, exceeding, outside, upper_bound
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, depth_axis, sign

figure = Presentation(measures)

DELTAS = np.geomspace(0.01, 0.99, 25)
STYLES = ["-", "--", "-.", ":"]
#: The δ of the panel on looseness.
SHOWN = 0.1
KEY = {"color": "0.3", "lw": 0.9}


@figure.summary
def squared(table: pd.DataFrame) -> Squared:
    """Squared ratios by point; networks that have not moved have a change of zero."""
    names = ("output_norm", "output_change", "gradient_change")
    points = table.groupby(["sampler", "width", "depth", "beta"])
    return {
        (sampler, int(width), int(depth), float(beta)): {
            name: 10 ** (2 * rows[f"log10_{name}"].fillna(-np.inf).to_numpy()) for name in names
        }
        for (sampler, width, depth, beta), rows in points
    }


@figure.summary
def mean_changes(squared: Squared) -> pd.DataFrame:
    """Mean squared change and its 95 % interval by width, β and depth, without gradients."""
    found = {
        (width, beta, depth): mean_interval(squares["output_change"])
        for (sampler, width, depth, beta), squares in squared.items()
        if sampler == "lengths"
    }
    index = pd.MultiIndex.from_tuples(found, names=["width", "beta", "depth"])
    return pd.DataFrame(found.values(), index, ["value", "low", "high"]).sort_index()


def _rate(axis: Axes, counts: NDArray[np.int64], networks: int, **line: object) -> None:
    """Draw the fraction of exceptions against δ with its 95 % interval, where there are any."""
    some = counts > 0
    rows = np.array([fraction_interval(int(count), networks) for count in counts])
    (drawn,) = axis.plot(DELTAS[some], rows[some, 0], **line)
    axis.fill_between(DELTAS[some], rows[some, 1], rows[some, 2], color=drawn.get_color(),
                      alpha=0.2, lw=0)  # fmt: skip


def _delta_axis(axis: Axes, title: str, label: str) -> None:
    axis.set(xscale="log", yscale="log", xlabel="δ", xlim=(DELTAS[0], 1), title=title, ylabel=label)


def _markov(quantile: Axes, above: Axes, s: SimpleNamespace, squared: Squared) -> None:
    """Draw quantiles of the change at the greatest depth, and how often 2 L α²/δ is exceeded."""
    deepest = max(s.depths)
    quantile.plot(DELTAS, 2 / DELTAS, color="black", lw=1)
    for style, beta in zip(STYLES, s.betas, strict=False):
        quantile.plot([], [], **KEY, ls=style, label=f"β = {beta:g}")
        budget = deepest * scaling_factor(deepest, beta) ** 2
        bound = markov_bound(deepest, beta, DELTAS)
        for colour, width in zip(COLOURS, sorted(s.widths), strict=False):
            change = squared["lengths", width, deepest, beta]["output_change"]
            line = {"color": colour, "ls": style, "lw": 0.9}
            quantile.plot(DELTAS, np.quantile(change, 1 - DELTAS) / budget, **line)
            _rate(above, exceeding(change, bound), len(change), **line)
    quantile.text(0.012, 18, "bound 2/δ", fontsize=6)
    quantile.legend(fontsize=6, loc="upper right")
    _delta_axis(quantile, "(a) quantile 1 − δ, bound", r"$\|h_L-h_0\|^2/(\|h_0\|^2 L\alpha^2)$")
    _delta_axis(above, "(b) bound of (a) exceeded", "fraction of networks")


def _means(axis: Axes, s: SimpleNamespace, mean_changes: pd.DataFrame) -> None:
    """Draw the mean squared change and its two bounds against depth."""
    fine = np.unique(np.geomspace(min(s.depths), max(s.depths), 60).astype(int))
    for style, beta in zip(STYLES, s.betas, strict=False):
        ends = np.array([mean_squared_change_bounds(depth, beta) for depth in fine])
        axis.fill_between(fine, ends[:, 0], ends[:, 1], color="0.5", alpha=0.2, lw=0)
        axis.plot(fine, ends, color="0.4", lw=0.8, ls=style)
    for (width, beta), _ in mean_changes.groupby(["width", "beta"]):
        found, shift = mean_changes.loc[width, beta], sorted(s.widths).index(width)
        errors = [found["value"] - found["low"], found["high"] - found["value"]]
        axis.errorbar(found.index * 1.15 ** (shift - 1), found["value"], errors,
                      color=COLOURS[shift], marker="o", ms=2.5, ls="none", elinewidth=0.8)  # fmt: skip
    depth_axis(axis, sorted(s.depths))
    axis.set(
        yscale="log", title="(c) mean and its two bounds", ylabel=r"$E\,\|h_L-h_0\|^2/\|h_0\|^2$"
    )


def _theorem(quantiles: Axes, rates: Axes, s: SimpleNamespace, squared: Squared) -> None:
    """Draw the theorem's bounds at β = ½ with the quantiles that they bound, and how often they fail."""
    for colour, width in zip(COLOURS, sorted(s.widths), strict=False):
        squares = squared["lengths", width, max(s.depths), 0.5]
        change, norm = squares["output_change"], squares["output_norm"]
        line = {"color": colour, "lw": 0.9}
        low, high = change_bounds(width, DELTAS)
        quantiles.plot(DELTAS, high, **line, ls="--")
        quantiles.plot(DELTAS, np.where(low > 0, low, np.nan), **line, ls="--")
        for probability in (1 - DELTAS / 2, DELTAS / 2):
            quantiles.plot(DELTAS, np.quantile(change, probability), **line)
        _rate(rates, outside(change, low, high), len(change), **line)
        _rate(rates, outside(norm, *norm_bounds(width, DELTAS)), len(norm), **line, ls="--")
    quantiles.plot([], [], **KEY, label="quantiles")
    quantiles.plot([], [], **KEY, ls="--", label="bounds")
    quantiles.legend(fontsize=6, loc="upper right")
    _delta_axis(quantiles, "(d) quantiles δ/2, 1 − δ/2; β = ½", r"$\|h_L-h_0\|^2/\|h_0\|^2$")
    quantiles.set_ylim(0.02, 300)
    rates.plot([], [], **KEY, label="theorem")
    rates.plot([], [], **KEY, ls="--", label="as drawn in figure 2")
    _delta_axis(rates, "(e) outside the bounds, β = ½", "fraction of networks")


def _most_allowed(above: Axes, rates: Axes, networks: int) -> None:
    """Draw δ itself, and what would not be seen, into both panels of fractions."""
    detectable = fraction_interval(0, networks).high
    for axis in (above, rates):
        (allowed,) = axis.plot(DELTAS, DELTAS, color="black", lw=1)
        unseen = axis.axhline(detectable, color="0.5", lw=0.8, ls=":")
        axis.set_ylim(0.2 / networks, 20)
    # In both panels the same.
    lines = ["δ, the most allowed", "95 % limit where none is seen"]
    above.legend([allowed, unseen], lines, fontsize=6, loc="upper left")
    rates.legend(fontsize=6, loc="upper left")


def _looseness(axis: Axes, s: SimpleNamespace, squared: Squared) -> None:
    """Draw upper bounds over the quantiles that they bound, β = ½, against depth."""
    depths = sorted(s.depths)
    for colour, width in zip(COLOURS, sorted(s.widths), strict=False):
        for style, bound in zip(STYLES, ("markov", "theorem"), strict=False):
            limit, probability = upper_bound(bound, width, SHOWN)
            changes = [squared["lengths", width, depth, 0.5]["output_change"] for depth in depths]
            ratios = [limit / np.quantile(change, probability) for change in changes]
            axis.plot(depths, ratios, color=colour, ls=style, marker="o", ms=2.5, lw=0.9)
    axis.plot([], [], **KEY, ls="-", label="2/δ")
    axis.plot([], [], **KEY, ls="--", label="theorem, β = ½")
    axis.axhline(1, color="black", lw=1)
    axis.legend(fontsize=6, loc=(0.35, 0.12))
    depth_axis(axis, depths)
    axis.set(yscale="log", title=f"(f) looseness, δ = {SHOWN}", ylabel="upper bound / quantile")


@figure.draw
def draw(s: SimpleNamespace, squared: Squared, mean_changes: pd.DataFrame, preset: str) -> Page:
    """Markov's bound, the bounds on the mean and those of the theorem at β = ½, against the law."""
    page, axes = plt.subplots(2, 3, figsize=(FULL_WIDTH, 4.9))
    (quantile, above, mean), (theorem, rates, loose) = axes
    _markov(quantile, above, s, squared)
    _means(mean, s, mean_changes)
    _theorem(theorem, rates, s, squared)
    _most_allowed(above, rates, s.networks)
    _looseness(loose, s, squared)
    handles = [
        plt.Line2D([], [], color=colour, label=f"d = {width}")
        for colour, width in zip(COLOURS, sorted(s.widths), strict=False)
    ]
    page.legend(handles=handles, loc="outside upper center", ncols=len(s.widths))
    text = (
        f"Gaussian weights, {s.networks} networks a point; (a), (b), (d), (e): L = {max(s.depths)}"
    )
    sign(page, preset, text)
    return page
