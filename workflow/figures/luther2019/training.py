"""Learning curves in three arms (Luther & Seung 2019), and the images that the U-Net sees."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from deepinit.stats.intervals import mean_interval
from deepinit.training.common_rate import CommonRate
from deepinit.training.detection import average_precision, best_threshold
from deepinit.training.final_losses import FinalLosses, final_losses
from deepinit.training.initialisation_arms import ARMS
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, line_with_band, sign

_LOOKS = dict(zip(ARMS, zip(COLOURS, "osD", strict=False), strict=False))
#: Images shown below the curves.
_SAMPLES = 6
TITLES = {"all_cnn_c": "ALL-CNN-C", "unet": "U-Net", "plain": "plain"}


def _geometric_mean(values: np.ndarray) -> np.ndarray:
    """Return the geometric mean of positive values with its 95 % interval, shape (3,)."""
    return np.exp(mean_interval(np.log(values)))


def _loss_ticks(axis: Axes) -> None:
    """Give a logarithmic axis of losses ticks enough for less than a factor of ten."""
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 4, 5, 7), numticks=20))
    axis.yaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")


def _curves(axis: Axes, frame: pd.DataFrame, rate: float) -> None:
    """Draw every arm's geometric mean, its interval and the range over networks."""
    for arm, (colour, _) in _LOOKS.items():
        rows = frame[(frame["arm"] == arm) & (frame["rate"] == rate)]
        by_seed = rows.pivot(index="iteration", columns="seed", values="loss")
        alive = by_seed[by_seed.notna().all(axis=1)]
        lost = int(by_seed.iloc[-1].isna().sum())
        label = f"{arm} ({lost} of {by_seed.shape[1]} diverged)" if lost else arm
        if alive.empty:
            axis.plot([], [], color=colour, label=label)
            continue
        middle = np.array([_geometric_mean(row) for row in alive.to_numpy()])
        line_with_band(
            axis, alive.index, middle[:, 0], middle[:, 1], middle[:, 2],
            color=colour, lw=1.1, label=label,
        )  # fmt: skip
        for edge in (alive.min(axis=1), alive.max(axis=1)):
            axis.plot(edge.index, edge, color=colour, lw=0.4, alpha=0.7)
    axis.axhline(frame["constant_loss"].iloc[0], color="0.5", lw=0.7, ls=":")
    axis.set(yscale="log", xlabel="iterations", xlim=(0, None))
    _loss_ticks(axis)


def _sensitivity(axis: Axes, final: FinalLosses, rule: CommonRate) -> None:
    """Draw the final loss of every arm at every rate, and which rate the rule takes."""
    for number, (arm, (colour, marker)) in enumerate(_LOOKS.items()):
        logs = final.log_losses[:, number]
        middle = np.array([_geometric_mean(np.exp(row)) for row in logs])
        lost = ~np.isfinite(final.losses[:, number]).all(axis=1)
        axis.errorbar(final.rates, middle[:, 0], np.abs(middle[:, 1:] - middle[:, :1]).T,
                      color=colour, marker=marker, ms=3, lw=0.9, label=arm)  # fmt: skip
        axis.plot(np.array(final.rates)[lost], middle[lost, 0], ls="none", marker=marker, ms=3,
                  color=colour, markerfacecolor="white", zorder=4)  # fmt: skip
        best = rule.best[number]
        axis.plot(final.rates[best], middle[best, 0], marker="o", ms=8, color=colour,
                  markerfacecolor="none", ls="none", mew=0.7)  # fmt: skip
    axis.axvline(final.rates[rule.chosen], color="0.5", lw=4, alpha=0.25, zorder=0)
    if rule.by_mean != rule.chosen:
        axis.axvline(final.rates[rule.by_mean], color="0.3", lw=0.7, ls="--", zorder=0)
    axis.axhline(final.constant_loss, color="0.5", lw=0.7, ls=":")
    axis.set(xscale="log", yscale="log", xlabel="learning rate")
    axis.set_xticks(final.rates, [f"{rate:g}" for rate in final.rates])
    axis.xaxis.set_minor_locator(NullLocator())
    _loss_ticks(axis)


def _pictures(axes: list[Axes], samples: pd.DataFrame) -> None:
    """Show the first images, each with its boundaries on its right."""
    for axis in axes:
        axis.set_axis_off()
    pairs = [(image, column) for image in range(len(axes) // 2) for column in ("grey", "boundary")]
    for axis, (image, column) in zip(axes, pairs, strict=True):
        rows = samples[samples["image"] == image]
        if len(rows):
            picture = rows.pivot(index="row", columns="column", values=column)
            axis.imshow(picture.to_numpy(float), cmap="gray", interpolation="nearest")


def learning_curves(job: Job) -> Figure:
    """Loss against iterations at the common rate, final loss against rate, images of the U-Net."""
    frame, settings = job.table(), job.spec["settings"]
    names = settings["architectures"]
    with_images = "unet" in names
    heights = [1.0, 0.8, 0.36] if with_images else [1.0, 0.8]
    figure = plt.figure(figsize=(FULL_WIDTH, 5.6 if with_images else 4.4))
    grid = figure.add_gridspec(len(heights), len(names), height_ratios=heights)
    for column, name in enumerate(names):
        rows = frame[frame["architecture"] == name]
        final = final_losses(rows)
        rule = final.common_rate()
        top, middle = (figure.add_subplot(grid[line, column]) for line in (0, 1))
        _curves(top, rows, final.rates[rule.chosen])
        _sensitivity(middle, final, rule)
        title = TITLES[name] + (f", {settings['plain']['depth']} layers" if name == "plain" else "")
        top.set_title(f"({'abcdef'[column]}) {title}, rate {final.rates[rule.chosen]:g}")
        if any("diverged" in text for text in top.get_legend_handles_labels()[1]):
            top.legend(fontsize=5.5)
        middle.set_title(f"({'abcdef'[len(names) + column]}) at every rate")
        if column == 0:
            top.set_ylabel("training loss")
            middle.set_ylabel("final training loss")
            figure.legend(*middle.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    if with_images:
        inner = grid[2, :].subgridspec(1, 2 * _SAMPLES)
        # The title belongs to the whole row, or it would widen the first picture's column.
        row = figure.add_subplot(grid[2, :])
        row.set_axis_off()
        row.set_title(
            f"({'abcdefg'[2 * len(names)]}) images as the U-Net sees them, with their boundaries"
        )
        axes = [figure.add_subplot(inner[place]) for place in range(2 * _SAMPLES)]
        _pictures(axes, job.table("membrane_images"))
    counts = ", ".join(f"{TITLES[name]} {settings[name]['seeds']}" for name in names)
    sign(figure, job.spec["preset"], f"networks an arm and rate: {counts}; geometric mean, its "
         "95 % interval (band) and range (thin lines); dotted: the best constant answer")  # fmt: skip
    return figure


def membrane_images(job: Job) -> Figure:
    """Images, their boundaries, and what the best threshold of darkness takes for them."""
    frame, settings = job.table(), job.spec["settings"]
    drawn = min(settings["drawn"], settings["images"])
    figure, grid = plt.subplots(3, drawn, figsize=(FULL_WIDTH, 3.7), squeeze=False)
    darkness = -frame["grey"]
    threshold, balanced = best_threshold(darkness, frame["boundary"])
    for number in range(drawn):
        rows = frame[frame["image"] == number]
        found = rows.assign(found=-rows["grey"] >= threshold)
        for axis, column in zip(grid[:, number], ("grey", "boundary", "found"), strict=True):
            picture = found.pivot(index="row", columns="column", values=column)
            axis.imshow(picture.to_numpy(float), cmap="gray", interpolation="nearest")
            axis.set(xticks=[], yticks=[])
    for axis, text in zip(grid[:, 0], ("image", "boundary", "threshold"), strict=True):
        axis.set_ylabel(text)
    precision = average_precision(darkness, frame["boundary"])
    sign(
        figure,
        job.spec["preset"],
        f"darkness alone on {settings['images']} images: average precision {precision:.2f} "
        f"({frame['boundary'].mean():.2f} of the pixels are boundary), balanced accuracy at the best "
        f"threshold {balanced:.2f}",
    )
    return figure
