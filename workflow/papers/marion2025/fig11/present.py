"""Histograms of both ratios, the weight inside ReLU beside res-3 (Marion et al. 2025, Figure 11)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.ticker import MaxNLocator

from deepinit.resnet.single_weight_theory import log_mean_squared_change
from deepinit.stats.intervals import mean_interval
from papers.marion2025 import histogram_measures
from papers.marion2025.inside_drawing import CAPTIONED, RES_3
from study.figure_data import rows_where
from study.presentation import Presentation
from study.style import COLOURS, legend_above, panels, power_of_ten, sign
from study.verdicts import LEVEL, Measurement

figure = Presentation(histogram_measures)


def _histograms(axis: Axes, captioned: pd.DataFrame, res_3: pd.DataFrame, column: str) -> None:
    """Draw shares of networks a bin, on an axis of decimal logarithms."""
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


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, tables: dict[str, pd.DataFrame], preset: str
) -> Page:
    """Histograms of log10 ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖: as captioned and res-3."""
    page, axes = panels(2, height=2.5, sharey=True)
    for axis, letter, name in zip(axes, "ab", ("output", "gradient"), strict=True):
        _histograms(axis, table, tables["fig2"], f"log10_{name}_norm")
        axis.set_title(f"({letter}) {name}s")
    axes[0].set(xlabel=r"$\|h_L\| \, / \, \|h_0\|$", ylabel="share of networks a bin", yscale="log")
    axes[1].set(xlabel=r"$\|p_0\| \, / \, \|p_L\|$")
    legend_above(page, axes, columns=2)
    reduced, drawn = table["sampler"].value_counts()[["reduced", "explicit"]]
    compared = (tables["fig2"]["sampler"] == "reduced").sum()
    counts = f"{reduced} + {drawn} networks as captioned, {compared} of res-3"
    sign(page, preset, f"L = {s.depth}, d = {s.width}, β = {s.beta:g}, {counts}")
    return page


@figure.measure
def growth_against_drift(s: SimpleNamespace, table: pd.DataFrame) -> Measurement:
    """Mean of log ‖h_L‖/‖h_0‖ with ReLU inside, against the limit of infinite width.

    The limit holds up to a relative O(1/d); 1/d is allowed for.
    """
    logs = np.log(10) * rows_where(table, sampler="reduced")["log10_output_norm"]
    change = log_mean_squared_change(s.depth, s.beta, slope=0.0)
    return Measurement(
        mean_interval(logs, LEVEL),
        expected=float(np.logaddexp(0, change) / 2),
        allowance=1 / s.width,
    )
