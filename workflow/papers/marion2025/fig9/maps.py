"""Maps of accuracies over β and the Hurst index, and where they pass half-way to the best (Figure 9)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh

from deepinit.resnet.ratios_theory import critical_beta
from papers.marion2025.fig9.rate_selection import CHANCE, frontier
from study.style import COLOURS

ACCURACY: dict[str, Any] = {"vmin": CHANCE, "vmax": 1, "cmap": "magma"}
TICKS = [0.1, 0.5, 0.9]
#: Colours and markers of frontiers.
LOOKS = ((1, "s"), (0, "o"), (4, "v"))
# Cells of a map of so many rows or columns have room for a number in the size of the other labels.
_ROOMY = 6


def draw_map(axis: Axes, grid: pd.DataFrame) -> QuadMesh:
    """Draw a map with each accuracy in percent, or with a cross on grey where every network diverged."""
    betas, hursts = grid.index.to_numpy(float), grid.columns.to_numpy(float)
    values = grid.to_numpy()
    axis.set_facecolor("0.8")
    mesh = axis.pcolormesh(hursts, betas, values, shading="nearest", rasterized=True, **ACCURACY)
    size = 7 if max(values.shape) <= _ROOMY else 4.7
    for (row, column), value in np.ndenumerate(values):
        text, colour = "×", "0.4"
        if np.isfinite(value):
            dark = np.dot(mesh.cmap(mesh.norm(value))[:3], (0.3, 0.6, 0.1)) < 0.5
            text, colour = f"{100 * value:.0f}", "white" if dark else "black"
        axis.text(hursts[column], betas[row], text, fontsize=size, ha="center", va="center",
                  color=colour)  # fmt: skip
    axis.grid(visible=False)
    axis.set(xlabel="H", xticks=TICKS, yticks=TICKS)
    return mesh


def draw_frontiers(axis: Axes, grids: Mapping[str, pd.DataFrame], contour: pd.Series) -> None:
    """Draw against H the β at which accuracy is half-way from chance to each map's best.

    Beside them what initialisation says: max(½, H), and the zero contour of figure 7.

    Args:
        grids: maps by what they are called.
        contour: β by H.
    """
    for (name, grid), (colour, marker) in zip(grids.items(), LOOKS, strict=False):
        axis.plot(frontier(grid), color=COLOURS[colour], marker=marker, ms=3.5,
                  label=f"accuracy half-way to the best: {name}")  # fmt: skip
    axis.plot(contour, color=COLOURS[2], lw=1, label="at initialisation: zero contour of figure 7a")
    hursts = np.linspace(0.05, 0.95, 91)
    axis.plot(hursts, [critical_beta(hurst) for hurst in hursts], ":", color="0.4",
              label="at initialisation: critical β, max(½, H), L → ∞")  # fmt: skip
    axis.set(xlim=(0.05, 0.95), ylim=(0, 1), xlabel="H", xticks=TICKS, yticks=TICKS)
