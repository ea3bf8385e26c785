"""Test accuracy over β and the Hurst index after training (Marion et al. 2025, Figure 9)."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from deepinit.resnet.heat_maps import mean_map, zero_contour
from deepinit.resnet.ratios_theory import critical_beta
from deepinit.stats.intervals import TooFewReplicates, fraction_interval
from deepinit.training.rate_selection import (
    CHANCE,
    accuracy_frontier,
    at_same_points,
    choose_rates,
    optimism_interval,
)
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, sign

_NAMES = {"mnist_subset": "MNIST, carried subset", "mnist": "MNIST", "cifar10": "CIFAR-10"}
_TITLES = (
    "best rate on test images,\nthis project",
    "best rate on test images,\npublished",
    "this project − published\n(diverged counts as chance)",
    "rate chosen on test images\n− on images held out",
)
_ACCURACY: dict[str, Any] = {"vmin": 0, "vmax": 1, "cmap": "magma"}
_DIFFERENCE: dict[str, Any] = {"vmin": -0.5, "vmax": 0.5, "cmap": "RdBu_r"}
_OPTIMISM: dict[str, Any] = {"vmin": -0.02, "vmax": 0.02, "cmap": "RdBu_r"}
# Beyond so many rows or columns a number in each cell is too small to read.
_MOST_NUMBERS = 6
_SPACING = 0.1


def _edges(middles: np.ndarray) -> np.ndarray:
    """Return the edges of cells around `middles`, ascending and evenly spaced."""
    half = (middles[1] - middles[0] if len(middles) > 1 else _SPACING) / 2
    return np.append(middles - half, middles[-1] + half)


def _map(axis: Axes, grid: pd.DataFrame, digits: int, colours: dict[str, Any]) -> QuadMesh:
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


def _frontier(axis: Axes, grid: pd.DataFrame, **line: Any) -> None:
    """Draw where accuracy after training passes half-way from chance to the map's best."""
    best = np.nanmax(grid.to_numpy(), initial=CHANCE)
    values = [accuracy_frontier(grid.index, grid[hurst], best) for hurst in grid]
    axis.plot(grid.columns, values, **line)


def _our_frontier(axis: Axes, grid: pd.DataFrame) -> None:
    _frontier(axis, grid, color=COLOURS[0], marker="o", ms=3, mec="white", mew=0.4, lw=1.2,
              label="after training: accuracy half-way to the best, this project")  # fmt: skip


def _their_frontier(axis: Axes, grid: pd.DataFrame) -> None:
    _frontier(axis, grid, color=COLOURS[1], marker="s", ms=2.6, mec="white", mew=0.4, lw=1.2,
              label="after training: accuracy half-way to the best, published")  # fmt: skip


def _lines_at_start(axis: Axes, contour: pd.Series) -> None:
    """Draw the frontiers at initialisation: max(½, H) and figure 7's zero contour."""
    hursts = np.linspace(0.05, 0.95, 91)
    axis.plot(hursts, [critical_beta(hurst) for hurst in hursts], ":", color="0.6", lw=1.4,
              label="at initialisation: critical β, max(½, H), L → ∞")  # fmt: skip
    axis.plot(contour.index, contour, color=COLOURS[2], lw=1.2,
              label="at initialisation: zero contour of figure 7a, finite L")  # fmt: skip


def _how_to_get(axis: Axes, data_sets: list[str], data: str) -> None:
    """Write in place of a map what to do to have it computed."""
    axis.text(
        0.5, 0.5,
        "not computed at this preset.\nPreset paper has it; or write,\nunder marion2025.fig9,\n"
        f"data_sets: [{', '.join([*data_sets, data])}].\nIt is downloaded,\nor read from data_folder.",
        ha="center", va="center", fontsize=6, color="0.3", transform=axis.transAxes,
    )  # fmt: skip


def _row(
    axes: np.ndarray, frame: pd.DataFrame, published: pd.DataFrame, validation_images: int
) -> None:
    """Draw the maps of one data set that was computed, with their colour bars."""
    chosen = choose_rates(frame)
    ours, validated = (
        chosen.pivot(index="beta", columns="hurst", values=f"test_{choice}")
        for choice in ("best", "validated")
    )
    difference = ours.fillna(CHANCE) - at_same_points(published, ours)
    meshes = (
        (_map(axes[0], ours, 2, _ACCURACY), axes[:2]),
        (_map(axes[2], difference, 2, _DIFFERENCE), axes[2]),
        (_map(axes[3], ours - validated, 3, _OPTIMISM), axes[3]),
    )
    for axis in (axes[0], axes[2]):
        _our_frontier(axis, ours)
    _their_frontier(axes[2], published)
    try:
        added = optimism_interval(frame, validation_images, 0.95)
        axes[3].set_xlabel("H\n" + "mean {:.4f}, 95 % [{:.4f}, {:.4f}]".format(*added), fontsize=6)
    except TooFewReplicates:
        pass
    for mesh, beside in meshes:
        bar = axes[0].figure.colorbar(mesh, ax=beside, aspect=18, pad=0.02)
        bar.ax.tick_params(labelsize=5.5)


def _published(files: list[Path]) -> dict[str, pd.DataFrame]:
    """Return the published grid of "mnist" and of "cifar10": β down, H across."""
    return {
        file.stem.rpartition("_")[2]: pd.read_csv(file).pivot(
            index="beta", columns="hurst", values="test_accuracy"
        )
        for file in files
    }


def _widest(frame: pd.DataFrame) -> float:
    """Return the largest half-width of the 95 % intervals of the accuracies that are drawn."""
    images = frame.groupby("data")["test_images"].first()
    chosen = choose_rates(frame).dropna(subset="test_best")
    widths = [
        fraction_interval(round(accuracy * images[data]), images[data]).half_width
        for data, accuracy in zip(chosen["data"], chosen["test_best"], strict=True)
    ]
    return max(widths, default=float("nan"))


def fig9(job: Job) -> Figure:
    """Accuracy over (H, β): ours, the published grid, their difference, the optimism of the choice."""
    spec = job.spec["settings"]
    frame = job.table()
    lengths = job.table("fig7")
    contour = zero_contour(mean_map(lengths[lengths["generator"] == "exact"], "output"))
    published = _published(job.inputs["published"])
    computed = spec["data_sets"]
    shown = [*computed, *({"cifar10"} - set(computed))]
    figure, axes = plt.subplots(
        len(shown), 4, figsize=(FULL_WIDTH, 0.9 + 1.85 * len(shown)), squeeze=False
    )
    for row, data, letter in zip(axes, shown, "abc", strict=False):
        theirs = published[data.removesuffix("_subset")]
        _map(row[1], theirs, 2, _ACCURACY)
        _their_frontier(row[1], theirs)
        if data in computed:
            _row(row, frame[frame["data"] == data], theirs, spec["validation_images"])
            maps = row
        else:
            _how_to_get(row[0], computed, data)
            for axis in (row[0], *row[2:]):
                axis.axis("off")
            maps = row[1:2]
        for axis, title in zip(row, _TITLES, strict=True):
            if axis in maps:
                axis.set_title(title, fontsize=6.5)
        for axis in maps[:2]:
            _lines_at_start(axis, contour)
        maps[0].set_ylabel("β")
        name = f"({letter}) {_NAMES[data]}"
        row[0].set_title(f"{name}:\n{_TITLES[0]}" if data in computed else name, fontsize=6.5)
    handles: dict[str, Any] = {}
    for axis in axes.flat:
        handles |= dict(zip(*axis.get_legend_handles_labels()[::-1], strict=True))
    figure.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=2, fontsize=6)
    rates = ", ".join(f"{rate:g}" for rate in spec["learning_rates"])
    text = (
        f"L = {spec['depth']}, d = {spec['width']}, one network a point and rate ({rates}), "
        f"{spec['epochs']} epochs of Adam, batch {spec['batch_size']}, {spec['validation_images']} "
        f"training images held out; 95 % intervals of accuracies are ±{_widest(frame):.3f} or less "
        "(test images alone); grey with a cross: diverged at every rate"
    )
    sign(figure, job.spec["preset"], text)
    return figure
