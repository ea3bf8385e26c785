"""Test accuracy over β and the Hurst index after training (Marion et al. 2025, Figure 9)."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.heat_maps import mean_map, zero_contour
from deepinit.stats.intervals import TooFewReplicates, fraction_interval
from deepinit.training.rate_selection import CHANCE, at_same_points, choose_rates, optimism_interval
from papers.marion2025.fig9 import maps, measures
from papers.marion2025.fig9.measures import accuracy_map
from study.presentation import Presentation
from study.style import FULL_WIDTH, sign

figure = Presentation(measures)

NAMES = {"mnist_subset": "MNIST, carried subset", "mnist": "MNIST", "cifar10": "CIFAR-10"}
TITLES = (
    "best rate on test images,\nthis project",
    "best rate on test images,\npublished",
    "this project − published\n(diverged counts as chance)",
    "rate chosen on test images\n− on images held out",
)


@figure.summary
def chosen(table: pd.DataFrame) -> pd.DataFrame:
    """The chosen rates and their test accuracies, one row per data set and point (`choose_rates`)."""
    images = table.groupby("data")["test_images"].first()
    rates = choose_rates(table)
    return rates.assign(test_images=rates["data"].map(images))


@figure.summary
def published_maps(published: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The published accuracies of "mnist" and of "cifar10": β down, H across."""
    return {
        name: frame.pivot(index="beta", columns="hurst", values="test_accuracy")
        for name, frame in published.items()
    }


@figure.summary
def optimisms(s: SimpleNamespace, table: pd.DataFrame) -> dict[str, str]:
    """Data set ↦ in words, the mean optimism of the choice; those with too few points are left out."""
    found = {}
    for data, rows in table.groupby("data"):
        try:
            added = optimism_interval(rows, s.validation_images, 0.95)
        except TooFewReplicates:
            continue
        found[data] = "mean {:.4f}, 95 % [{:.4f}, {:.4f}]".format(*added)
    return found


@figure.summary
def widest(chosen: pd.DataFrame) -> float:
    """The largest half-width of the 95 % intervals of the accuracies that are drawn."""
    trained = chosen.dropna(subset="test_best")
    widths = [
        fraction_interval(round(accuracy * images), images).half_width
        for accuracy, images in zip(trained["test_best"], trained["test_images"], strict=True)
    ]
    return max(widths, default=float("nan"))


def _row(
    axes: np.ndarray, ours: pd.DataFrame, validated: pd.DataFrame, published: pd.DataFrame
) -> None:
    """Draw the maps of one data set that was computed, with their colour bars."""
    difference = ours.fillna(CHANCE) - at_same_points(published, ours)
    meshes = (
        (maps.draw_map(axes[0], ours, 2, maps.ACCURACY), axes[:2]),
        (maps.draw_map(axes[2], difference, 2, maps.DIFFERENCE), axes[2]),
        (maps.draw_map(axes[3], ours - validated, 3, maps.OPTIMISM), axes[3]),
    )
    for axis in (axes[0], axes[2]):
        maps.our_frontier(axis, ours)
    maps.their_frontier(axes[2], published)
    for mesh, beside in meshes:
        bar = axes[0].figure.colorbar(mesh, ax=beside, aspect=18, pad=0.02)
        bar.ax.tick_params(labelsize=5.5)


def _titles(row: np.ndarray, there: list[Axes], name: str) -> None:
    """Give the maps that are there their titles, and the first place the name of the data set."""
    for axis, title in zip(row, TITLES, strict=True):
        if axis in there:
            axis.set_title(title, fontsize=6.5)
    row[0].set_title(f"{name}:\n{TITLES[0]}" if row[0] in there else name, fontsize=6.5)
    there[0].set_ylabel("β")


def _note(s: SimpleNamespace, widest: float) -> str:
    """Return the small print."""
    rates = ", ".join(f"{rate:g}" for rate in s.learning_rates)
    return (
        f"L = {s.depth}, d = {s.width}, one network a point and rate ({rates}), "
        f"{s.epochs} epochs of Adam, batch {s.batch_size}, {s.validation_images} "
        f"training images held out; 95 % intervals of accuracies are ±{widest:.3f} or less "
        "(test images alone); grey with a cross: diverged at every rate"
    )


@figure.draw
def draw(
    s: SimpleNamespace,
    tables: dict[str, pd.DataFrame],
    chosen: pd.DataFrame,
    published_maps: dict[str, pd.DataFrame],
    optimisms: dict[str, str],
    widest: float,
    preset: str,
) -> Page:
    """Accuracy over (H, β): ours, the published grid, their difference, the optimism of the choice."""
    lengths = tables["fig7"]
    contour = zero_contour(mean_map(lengths[lengths["generator"] == "exact"], "output"))
    shown = [*s.data_sets, *({"cifar10"} - set(s.data_sets))]
    size = (FULL_WIDTH, 0.9 + 1.85 * len(shown))
    page, axes = plt.subplots(len(shown), 4, figsize=size, squeeze=False)
    for row, data, letter in zip(axes, shown, "abc", strict=False):
        theirs = published_maps[data.removesuffix("_subset")]
        maps.draw_map(row[1], theirs, 2, maps.ACCURACY)
        maps.their_frontier(row[1], theirs)
        there = list(row)
        if data in s.data_sets:
            _row(row, accuracy_map(chosen, data, "best"), accuracy_map(chosen, data, "validated"),
                 theirs)  # fmt: skip
            if data in optimisms:
                row[3].set_xlabel(f"H\n{optimisms[data]}", fontsize=6)
        else:
            there = [row[1]]
            maps.how_to_get(row[0], s.data_sets, data)
            for axis in (row[0], *row[2:]):
                axis.axis("off")
        for axis in there[:2]:
            maps.lines_at_start(axis, contour)
        _titles(row, there, f"({letter}) {NAMES[data]}")
    handles: dict[str, Any] = {}
    for axis in axes.flat:
        handles |= dict(zip(*axis.get_legend_handles_labels()[::-1], strict=True))
    page.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=2, fontsize=6)
    sign(page, preset, _note(s, widest))
    return page
