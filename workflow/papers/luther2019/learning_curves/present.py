"""Learning curves in three arms (Luther & Seung 2019), and the images that the U-Net sees."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.gridspec import GridSpec
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, NullLocator

from deepinit.stats.intervals import mean_interval
from deepinit.training.initialisation_arms import ARMS
from papers.luther2019.learning_curves import measures
from papers.luther2019.learning_curves.trained import ByArchitecture, Trained, trained
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, GREY, footnote, line_with_band, picture

figure = Presentation(measures)
figure.summary(trained)

_LOOKS = dict(zip(ARMS, zip(COLOURS, "osD", strict=False), strict=False))
_RING = {"marker": "o", "ms": 8, "markerfacecolor": "none", "ls": "none", "mew": 0.7}
_COMMON = {"color": "0.5", "lw": 4, "alpha": 0.25, "zorder": 0}
#: Images shown below the curves.
_SAMPLES = 6
TITLES = {"all_cnn_c": "ALL-CNN-C", "unet": "U-Net", "plain": "plain"}


def _geometric_mean(values: np.ndarray) -> np.ndarray:
    """Return the geometric mean of positive values with its 95 % interval, shape (3,)."""
    return np.exp(mean_interval(np.log(values), 0.95))


def _loss_ticks(axis: Axes) -> None:
    """Give a logarithmic axis of losses ticks enough for less than a factor of ten."""
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 4, 5, 7), numticks=20))
    axis.yaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")


def _curves(axis: Axes, found: Trained) -> None:
    """Draw every arm's geometric mean, its interval and the range over networks, each at its common rate."""
    rows = found.at_common_rate
    for arm, (colour, _) in _LOOKS.items():
        of_arm = rows[rows["arm"] == arm]
        by_seed = of_arm.pivot(index="iteration", columns="seed", values="loss")
        alive = by_seed[by_seed.notna().all(axis=1)]
        lost = int(by_seed.iloc[-1].isna().sum())
        label = f"{arm} ({lost} of {by_seed.shape[1]} diverged)" if lost else arm
        if alive.empty:
            axis.plot([], [], color=colour, label=label)
            continue
        middle, low, high = np.array([_geometric_mean(row) for row in alive.to_numpy()]).T
        line_with_band(axis, alive.index, middle, low, high, color=colour, lw=1.1, label=label)
        for edge in (alive.min(axis=1), alive.max(axis=1)):
            axis.plot(edge.index, edge, color=colour, lw=0.4, alpha=0.7)
    constant = found.constant_loss
    axis.axhline(constant, color="0.5", lw=0.7, ls=":")
    axis.set(xlabel="iterations", xlim=(0, rows["iteration"].max()), ylim=(0, 1.05 * constant))
    if any("diverged" in text for text in axis.get_legend_handles_labels()[1]):
        axis.legend(fontsize=5.5)


def _published(curves: pd.DataFrame, names: Sequence[str]) -> str:
    """Return the last published losses in words: other images and another training, not to be compared."""
    last = curves.sort_values("iteration").groupby(["architecture", "arm"])["loss"].last()
    losses = [
        f"{TITLES[name]} {', '.join(f'{last[name, arm]:g}' for arm in ARMS)}"
        for name in names
        if name in last
    ]
    told = f"published, with other images and training ({', '.join(ARMS)}): {'; '.join(losses)}"
    return told if losses else "none published"


def _sensitivity(axis: Axes, found: Trained) -> None:
    """Draw the final loss of every arm at every rate, and which rate is taken for all arms."""
    best = found.best_rates
    for number, (arm, (colour, marker)) in enumerate(_LOOKS.items()):
        logs = found.log_losses[:, number]
        middle = np.array([_geometric_mean(np.exp(row)) for row in logs])
        lost = ~np.isfinite(found.losses[:, number]).all(axis=1)
        axis.errorbar(found.rates, middle[:, 0], np.abs(middle[:, 1:] - middle[:, :1]).T,
                      color=colour, marker=marker, ms=3, lw=0.9, label=arm)  # fmt: skip
        axis.plot(np.array(found.rates)[lost], middle[lost, 0], ls="none", marker=marker, ms=3,
                  color=colour, markerfacecolor="white", zorder=4)  # fmt: skip
        if (logs < np.log(found.constant_loss)).any():
            axis.plot(found.rates[best[number]], middle[best[number], 0], color=colour, **_RING)
    for position in np.unique(found.positions):
        axis.axvline(found.rates[position], **_COMMON)
    axis.axhline(found.constant_loss, color="0.5", lw=0.7, ls=":")
    axis.set(xscale="log", yscale="log", xlabel="learning rate")
    axis.set_xticks(found.rates, [f"{rate:g}" for rate in found.rates])
    axis.xaxis.set_minor_locator(NullLocator())
    _loss_ticks(axis)


def _legend(page: Page, axis: Axes) -> None:
    """Explain colours and symbols above the panels, once."""
    marks = {
        "an arm's best rate": Line2D([], [], color="0.3", **_RING),
        "open: networks diverged": Line2D(
            [], [], ls="none", marker="o", ms=3, color="0.3", markerfacecolor="white"
        ),
        "rate for all arms": Patch(color=_COMMON["color"], alpha=_COMMON["alpha"]),
        "best constant answer": Line2D([], [], color="0.5", lw=0.7, ls=":"),
    }
    handles, labels = axis.get_legend_handles_labels()
    page.legend([*handles, *marks.values()], [*labels, *marks], loc="outside upper center", ncols=4)


def _pictures(page: Page, grid: GridSpec, images: pd.DataFrame, letter: str) -> None:
    """Show the first images in the last row of the page, each with its boundaries on its right."""
    inner = grid[2, :].subgridspec(1, 2 * _SAMPLES)
    # The title belongs to the whole row, or it would widen the first picture's column.
    row = page.add_subplot(grid[2, :])
    row.set_axis_off()
    row.set_title(f"({letter}) images as the U-Net sees them, with their boundaries")
    for image in range(_SAMPLES):
        pixels = images[images["image"] == image]
        for right, column in enumerate(("grey", "boundary")):
            axis = page.add_subplot(inner[2 * image + right])
            axis.set_axis_off()
            if len(pixels):
                picture(axis, pixels, column, **GREY)


@figure.draw
def draw(
    s: SimpleNamespace, trained: ByArchitecture, tables: Tables, published: Tables, preset: str
) -> Page:
    """Loss against iterations at the common rate, final loss against rate, images of the U-Net."""
    names = s.architectures
    with_images = "unet" in names
    heights = [1.0, 0.8, 0.36] if with_images else [1.0, 0.8]
    page = plt.figure(figsize=(FULL_WIDTH, 6.0 if with_images else 4.8))
    grid = page.add_gridspec(len(heights), len(names), height_ratios=heights)
    for column, name in enumerate(names):
        found = trained[name]
        top, middle = (page.add_subplot(grid[line, column]) for line in (0, 1))
        _curves(top, found)
        _sensitivity(middle, found)
        title = TITLES[name] + (f", {s.plain['depth']} layers" if name == "plain" else "")
        top.set_title(f"({'abcdef'[column]}) {title}, rate {found.named(found.positions)}")
        middle.set_title(f"({'abcdef'[len(names) + column]}) at every rate")
        if column == 0:
            top.set_ylabel("training loss")
            middle.set_ylabel("final training loss")
            _legend(page, middle)
    if with_images:
        _pictures(page, grid, tables["membrane_images"], "abcdefg"[2 * len(names)])
    counts = ", ".join(f"{TITLES[name]} {getattr(s, name)['seeds']}" for name in names)
    drawn = "geometric mean, its 95 % interval (band) and range (thin lines)"
    told = _published(published["curves"], names)
    footnote(page, preset, f"networks per arm and rate: {counts}; {drawn}; {told}")
    return page
