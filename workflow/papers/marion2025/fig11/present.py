"""Histograms of both ratios, the weight inside ReLU beside res-3 (Marion et al. 2025, Figure 11)."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.single_weight_theory import log_mean_squared_change
from deepinit.stats.intervals import mean_interval
from papers.marion2025 import histogram_measures
from papers.marion2025.inside_drawing import CAPTIONED, RES_3
from study.figure_data import Tables, rows_where
from study.presentation import Presentation
from study.style import COLOURS, footnote, legend_above, panels
from study.verdicts import LEVEL, Measurement

figure = Presentation(histogram_measures)

RATIOS = {"output": r"$\|h_L\| \, / \, \|h_0\|$", "gradient": r"$\|p_0\| \, / \, \|p_L\|$"}


def _histogram(axis: Axes, logs: pd.Series, bins: Any, colour: Any, label: str) -> None:
    """Draw the distribution of decimal logarithms and their median."""
    axis.hist(logs, bins, density=True, color=colour, alpha=0.5, lw=0, label=label)
    axis.axvline(logs.median(), color=colour, lw=0.9, ls="--")
    decades = np.arange(np.ceil(logs.min()), logs.max())
    axis.set_xticks(decades if len(decades) > 1 else np.quantile(logs, [0.01, 0.5, 0.99]))
    axis.xaxis.set_major_formatter(_as_ratio)


def _as_ratio(log10: float, _position: int | None = None) -> str:
    """Return a decimal logarithm as the ratio, as a tick label."""
    if log10 < 3:
        return f"{10**log10:.3g}"
    power = int(np.floor(log10))
    factor = f"{10 ** (log10 - power):.2g}"
    return f"$10^{power}$" if factor == "1" else rf"${factor} \cdot 10^{power}$"


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, tables: Tables, preset: str) -> Page:
    """Histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖, res-3 and, far off, as captioned."""
    page, axes = panels(4, height=2.3)
    res_3 = tables["fig2"][tables["fig2"]["sampler"] == "reduced"]
    by_sampler = dict(list(table.groupby("sampler")))
    for name, pair, ratio in zip(RATIOS, (axes[:2], axes[2:]), RATIOS.values(), strict=True):
        column = f"log10_{name}_norm"
        _histogram(pair[0], res_3[column], 50, COLOURS[0], RES_3)
        # Both samples within the same range, the smaller one in bins five times as wide.
        bins = np.linspace(table[column].min(), table[column].max(), 51)
        _histogram(pair[1], by_sampler["reduced"][column], bins, COLOURS[3], CAPTIONED)
        pair[1].hist(by_sampler["explicit"][column], bins[::5], density=True, histtype="step",
                     color="black", lw=0.8, label="as captioned, uniform weights")  # fmt: skip
        for axis in pair:
            axis.set(xlabel=ratio, yticks=[])
            axis.grid(visible=False)
    axes[0].set_ylabel("density of the logarithm")
    titles = [f"{name}s, {model}" for name in RATIOS for model in ("res-3", "as captioned")]
    for axis, letter, title in zip(axes, "abcd", titles, strict=True):
        axis.set_title(f"({letter}) {title}", fontsize=7)
    axes[-1].plot([], [], "--", color="0.4", lw=0.9, label="median")
    legend_above(page, axes, columns=2)
    counts = f"{len(by_sampler['reduced'])} + {len(by_sampler['explicit'])} networks as captioned"
    footnote(
        page,
        preset,
        f"L = {s.depth}, d = {s.width}, β = {s.beta:g}, {counts}, {len(res_3)} of res-3",
    )
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
