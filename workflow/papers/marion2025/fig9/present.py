"""Test accuracy over β and the Hurst index after training (Marion et al. 2025, Figure 9)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Page
from matplotlib.ticker import PercentFormatter

from deepinit.stats.intervals import TooFewReplicates, fraction_interval
from papers.marion2025.fig9 import maps, measures
from papers.marion2025.fig9.measures import accuracy_map
from papers.marion2025.fig9.rate_selection import choose_rates, optimism_interval
from papers.marion2025.heat_maps import mean_map, published_map, zero_contour
from study.figure_data import Tables
from study.presentation import Presentation
from study.recorded import Recorded
from study.style import FULL_WIDTH, footnote, legend_above, letters

figure = Presentation(
    measures,
    papers={
        "data_sets": ["mnist", "cifar10"],
        "betas": {"count": 10},
        "hursts": {"count": 10},
        "epochs": 10,
        "validation_images": 0,
    },
)

NAMES = {"mnist_subset": "MNIST (subset)", "mnist": "MNIST", "cifar10": "CIFAR-10"}
#: The published map beside that of a data set.
PUBLISHED = {"mnist_subset": "mnist", "mnist": "mnist", "cifar10": "cifar10"}
#: Ticks of the colour bar.
BAR = [0.1, 0.25, 0.5, 0.75, 1]


@figure.summary
def chosen(table: pd.DataFrame) -> pd.DataFrame:
    """The chosen rates and their test accuracies, one row per data set and point (`choose_rates`)."""
    return choose_rates(table)


@figure.summary
def published_maps(published: Tables) -> Tables:
    """The published accuracies of "mnist" and of "cifar10": β down, H across."""
    return {name: published_map(frame) for name, frame in published.items()}


def _optimisms(s: SimpleNamespace, table: pd.DataFrame) -> dict[str, str]:
    """Data set ↦ in words, the mean optimism of the choice; those with too few points are left out."""
    found = {}
    for data, rows in table.groupby("data"):
        try:
            added = optimism_interval(rows, s.validation_images, 0.95)
        except TooFewReplicates:
            continue
        found[data] = "{:.4f} on average, 95 % [{:.4f}, {:.4f}]".format(*added)
    return found


def _widest(chosen: pd.DataFrame) -> float:
    """The largest half-width of the 95 % intervals of the accuracies that are drawn."""
    trained = chosen.dropna(subset="test_best")
    widths = [
        fraction_interval(round(accuracy * images), images, 0.95).half_width
        for accuracy, images in zip(trained["test_best"], trained["test_images"], strict=True)
    ]
    return max(widths, default=float("nan"))


def _grids(
    data: str, chosen: pd.DataFrame, published: pd.DataFrame, recorded: Recorded | None
) -> Tables:
    """Return all maps of one data set by what they are called, the published one first.

    What was recorded at the paper's scale is among them where a smaller data set stands for the paper's.
    """
    whole = PUBLISHED[data]
    grids = {f"{NAMES[whole]}, published": published}
    if recorded is not None and data != whole and (recorded.table["data"] == whole).any():
        best = accuracy_map(choose_rates(recorded.table), whole)
        grids[f"{NAMES[whole]}, this project (recorded)"] = best
    return {**grids, f"{NAMES[data]}, this project": accuracy_map(chosen, data)}


def _note(s: SimpleNamespace, table: pd.DataFrame, chosen: pd.DataFrame) -> str:
    """Return the small print."""
    rates = ", ".join(f"{rate:g}" for rate in s.learning_rates)
    text = (
        f"L = {s.depth}, d = {s.width}, one network per point and rate ({rates}), "
        f"{s.epochs} epoch{'s' * (s.epochs > 1)} of Adam, batch {s.batch_size}, {s.validation_images} "
        f"training images held out; 95 % intervals of accuracies are ±{_widest(chosen):.3f} or less "
        "(test images alone)"
    )
    for data, added in _optimisms(s, table).items():
        text += f"; {NAMES[data]}: the rate chosen on test images adds {added}"
    return text


@figure.draw
def draw(
    s: SimpleNamespace,
    table: pd.DataFrame,
    tables: Tables,
    chosen: pd.DataFrame,
    published_maps: Tables,
    preset: str,
    recorded: Recorded | None,
) -> Page:
    """Accuracy over (H, β), a row for each data set: published, ours, and where they are half-way up.

    Args:
        recorded: this figure at the paper's scale, where there is one.
    """
    lengths = tables["fig7"]
    contour = zero_contour(mean_map(lengths[lengths["generator"] == "exact"], "output"))
    rows = {
        data: _grids(data, chosen, published_maps[PUBLISHED[data]], recorded)
        for data in NAMES
        if (chosen["data"] == data).any()
    }
    columns = max(map(len, rows.values()))
    page, axes = plt.subplots(
        len(rows), columns + 1, figsize=(FULL_WIDTH, 0.85 + 2.1 * len(rows)), squeeze=False
    )
    letter = letters()
    for row, grids in zip(axes, rows.values(), strict=True):
        for axis, (name, grid) in zip(row, grids.items(), strict=False):
            mesh = maps.draw_map(axis, grid)
            title = name.replace(", ", ",\n")
            axis.set_title(f"({next(letter)}) {title}", fontsize=7.5)
        for axis in row[len(grids) : -1]:
            axis.axis("off")
        maps.draw_frontiers(row[-1], grids, contour)
        row[-1].set_title(f"({next(letter)}) half-way\nto the best", fontsize=7.5)
        for axis in (row[0], row[-1]):
            axis.set_ylabel("β")
    bar = page.colorbar(mesh, ax=axes[:, :-1], aspect=16 * len(rows), pad=0.02, ticks=BAR)
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1))
    bar.ax.set_title("accuracy", fontsize=7)
    legend_above(page, axes[:, -1], columns=2)
    text = _note(s, table, chosen)
    if recorded is not None and columns > 2:
        text += f"; the complete MNIST, 10 epochs: recorded at the paper's scale ({recorded.made})"
    footnote(page, preset, text)
    return page
