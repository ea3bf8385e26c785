"""Histograms of the ratios of outputs and of gradients (Marion et al. 2025, Figure 2)."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.bounds import probability_bounds
from deepinit.resnet.ratios_theory import log_normal_limit
from papers.marion2025 import histogram_measures
from papers.marion2025.fig2 import measures
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS, PUBLISHED, footnote, legend_above, panels

figure = Presentation(histogram_measures, measures)


def _histogram(axis: Axes, table: pd.DataFrame, column: str, s: SimpleNamespace) -> None:
    limit = log_normal_limit(s.width)
    bins = np.linspace(0.8, 2.1, 131)
    samples = {name: 10 ** group[column].to_numpy() for name, group in table.groupby("sampler")}
    reduced, explicit = samples["reduced"], samples["explicit"]
    axis.hist(reduced, bins, density=True, color=COLOURS[0], alpha=0.45, lw=0,
              label=f"Gaussian weights, n = {len(reduced)}")  # fmt: skip
    axis.hist(explicit, bins[::2], density=True, histtype="step", color=COLOURS[3], lw=0.9,
              label=f"uniform weights, n = {len(explicit)}")  # fmt: skip
    x = np.linspace(0.8, 2.1, 400)
    density = np.exp(-0.5 * ((np.log(x) - limit.mean) / limit.deviation) ** 2)
    axis.plot(x, density / (x * limit.deviation * np.sqrt(2 * np.pi)), color="black", lw=0.9,
              label="log-normal limit")  # fmt: skip
    # Outputs have more networks, drawn without gradients, on which the quartiles are judged.
    own = samples["lengths"] if np.isfinite(samples["lengths"]).all() else reduced
    low, high = np.quantile(own, [0.25, 0.75])
    below, above = probability_bounds(s.width, s.delta)
    for value, side, colour, style in (
        (low, "right", COLOURS[0], "--"),
        (high, "left", COLOURS[0], "--"),
        (below, "center", COLOURS[2], "-"),
        (above, "center", COLOURS[2], "-"),
    ):
        axis.axvline(value, color=colour, lw=0.9, ls=style)
        axis.text(value, 1.01, f"{value:.3f}", transform=axis.get_xaxis_transform(), ha=side,
                  va="bottom", fontsize=6, color=colour)  # fmt: skip
    axis.plot([], [], color=COLOURS[0], lw=0.8, ls="--", label="quartiles")
    axis.plot([], [], color=COLOURS[2], lw=1,
              label=f"bounds as drawn in the paper, δ = {s.delta:g}")  # fmt: skip
    axis.set(xlim=(0.8, 2.12))
    axis.grid(visible=False)


def _published(axis: Axes, ratios: Sequence[float]) -> None:
    """Draw what the paper says of outputs below the histogram: smallest, both quartiles, largest."""
    height = -0.06 * axis.get_ylim()[1]
    axis.plot(ratios[::3], [height] * 2, color="black", lw=0.8, marker="|", ms=5)
    axis.plot(ratios[1:3], [height] * 2, **PUBLISHED)
    sides = (("center", 0), ("right", -3), ("left", 3), ("center", 0))
    for value, (side, points) in zip(ratios, sides, strict=True):
        axis.annotate(f"{value:.2f}", (value, 1.8 * height), (points, 0), fontsize=6, ha=side, va="top",
                      textcoords="offset points")  # fmt: skip
    axis.plot([], [], **(PUBLISHED | {"linestyle": "-"}), lw=0.8,
              label="published quartiles and range of outputs")  # fmt: skip
    axis.set_ylim(bottom=4 * height)
    axis.set_yticks([tick for tick in axis.get_yticks() if 0 <= tick <= axis.get_ylim()[1]])


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, published: Tables, preset: str) -> Page:
    """Histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖."""
    page, axes = panels(2, height=2.9, sharey=True)
    _histogram(axes[0], table, "log10_output_norm", s)
    _histogram(axes[1], table, "log10_gradient_norm", s)
    _published(axes[0], published["outputs"]["ratio"].tolist())
    axes[0].set(xlabel=r"$\|h_L\| \, / \, \|h_0\|$", ylabel="density")
    axes[1].set(xlabel=r"$\|p_0\| \, / \, \|p_L\|$")
    axes[0].set_title("(a) outputs", pad=14)
    axes[1].set_title("(b) gradients", pad=14)
    legend_above(page, axes, columns=3)
    footnote(
        page,
        preset,
        f"L = {s.depth}, d = {s.width}, β = {s.beta:g}, fresh weights a network",
    )
    return page
