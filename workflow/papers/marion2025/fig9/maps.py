"""Maps of accuracies over β and the Hurst index, and the lines on them (Figure 9)."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh

from deepinit.resnet.ratios_theory import critical_beta
from papers.marion2025.fig9.measures import frontier
from study.style import COLOURS

ACCURACY: dict[str, Any] = {"vmin": 0, "vmax": 1, "cmap": "magma"}
DIFFERENCE: dict[str, Any] = {"vmin": -0.5, "vmax": 0.5, "cmap": "RdBu_r"}
OPTIMISM: dict[str, Any] = {"vmin": -0.02, "vmax": 0.02, "cmap": "RdBu_r"}
# Beyond so many rows or columns a number in each cell is too small to read.
_MOST_NUMBERS = 6
_SPACING = 0.1


def _edges(middles: np.ndarray) -> np.ndarray:
    """Return the edges of cells around `middles`, ascending and evenly spaced."""
    half = (middles[1] - middles[0] if len(middles) > 1 else _SPACING) / 2
    return np.append(middles - half, middles[-1] + half)


def draw_map(axis: Axes, grid: pd.DataFrame, digits: int, colours: dict[str, Any]) -> QuadMesh:
    """Draw a map, with numbers if it is coarse; a cell without a value is grey with a cross."""
    betas, hursts = grid.index.to_numpy(float), grid.columns.to_numpy(float)
    values = grid.to_numpy()
    axis.set_facecolor("0.8")
    mesh = axis.pcolormesh(
        _edges(hursts), _edges(betas), np.ma.masked_invalid(values), rasterized=True, **colours
    )
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            axis.plot(hursts[column], betas[row], "x", color="0.4", ms=4)
        elif max(values.shape) <= _MOST_NUMBERS:
            dark = np.dot(mesh.cmap(mesh.norm(value))[:3], (0.3, 0.6, 0.1)) < 0.5
            colour = "white" if dark else "black"
            text = f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−").replace("0.", ".")
            axis.text(hursts[column], betas[row], text, fontsize=5.5, ha="center", va="center",
                      color=colour)  # fmt: skip
    axis.grid(visible=False)
    axis.set(xlim=_edges(hursts)[[0, -1]], ylim=_edges(betas)[[0, -1]], xlabel="H")
    axis.set(xticks=[0.1, 0.5, 0.9], yticks=[0.1, 0.5, 0.9])
    return mesh


def our_frontier(axis: Axes, accuracies: pd.DataFrame) -> None:
    """Draw where our accuracy after training passes half-way from chance to the map's best."""
    axis.plot(frontier(accuracies), color=COLOURS[0], marker="o", ms=3, mec="white", mew=0.4, lw=1.2,
              label="after training: accuracy half-way to the best, this project")  # fmt: skip


def their_frontier(axis: Axes, accuracies: pd.DataFrame) -> None:
    """Draw the same of the published map."""
    axis.plot(frontier(accuracies), color=COLOURS[1], marker="s", ms=2.6, mec="white", mew=0.4, lw=1.2,
              label="after training: accuracy half-way to the best, published")  # fmt: skip


def lines_at_start(axis: Axes, contour: pd.Series) -> None:
    """Draw the frontiers at initialisation: max(½, H) and figure 7's zero contour."""
    hursts = np.linspace(0.05, 0.95, 91)
    axis.plot(hursts, [critical_beta(hurst) for hurst in hursts], ":", color="0.6", lw=1.4,
              label="at initialisation: critical β, max(½, H), L → ∞")  # fmt: skip
    axis.plot(contour.index, contour, color=COLOURS[2], lw=1.2,
              label="at initialisation: zero contour of figure 7a, finite L")  # fmt: skip


def how_to_get(axis: Axes, data_sets: list[str], data: str) -> None:
    """Write in place of a map what to do to have it computed."""
    axis.text(
        0.5, 0.5,
        "not computed at this preset.\nPreset paper has it; or write,\nunder marion2025.fig9,\n"
        f"data_sets: [{', '.join([*data_sets, data])}].\nIt is downloaded,\nor read from data_folder.",
        ha="center", va="center", fontsize=6, color="0.3", transform=axis.transAxes,
    )  # fmt: skip
