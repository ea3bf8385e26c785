"""Squared length in convolutional networks by initialisation (Hanin & Rolnick 2018, Figure 4)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.stats.intervals import quantile_interval
from papers.hanin2018.fig4 import measures
from papers.hanin2018.fig4.points import (
    Sets,
    exact_means,
    log10_means,
    others,
    read_off,
    rows_of,
)
from papers.hanin2018.looks import looks_of_laws
from papers.hanin2018.published import LAYERS_PER_CHANNEL
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, PUBLISHED, decades, footnote, jittered

figure = Presentation(measures, papers={"data": "cifar10"})
figure.summary(others)

#: Depths by which one law is moved beside another, and published values beside ours.
_STEP, _BESIDE = 0.6, 3.5
_CROSS = PUBLISHED | {"markersize": 3.5}
_LENGTH = r"$\|\mathrm{act}_d\|^2$"


def _error_bars(
    axis: Axes, middle: pd.Series, low: pd.Series, high: pd.Series, shift: float = 0, **look
) -> None:
    error = [(middle - low).clip(lower=0), (high - middle).clip(lower=0)]
    axis.errorbar(middle.index + shift, middle, error, **look)


def _published(axis: Axes, values: pd.Series, **look) -> None:
    axis.plot(values.index + _BESIDE, values, **_CROSS | look)


def _limits(others: Sets, law: str, exact: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return where 95 % of means of a thousand other networks lie, log10."""
    shape = WEIGHT_LAWS[law].shape
    ends = {d: np.quantile(others[shape, d], [0.025, 0.975]) + exact[d] for d in exact.index}
    frame = pd.DataFrame.from_dict(ends, orient="index")
    return frame[0], frame[1]


def _means(axis: Axes, table: pd.DataFrame, others: Sets, read: pd.DataFrame, looks: dict) -> None:
    for (law, look), shift in zip(looks.items(), jittered(0, len(looks), _STEP), strict=True):
        rows = rows_of(table, law)
        exact, means = exact_means(rows), log10_means(rows)
        limits = _limits(others, law, exact)
        _error_bars(axis, means, *limits, shift, ls="none", ms=2.6, lw=0.8, **look)
        axis.plot(exact, color=look["color"], lw=0.6)
        if law in read:
            _published(axis, read[law], color=look["color"])
    axis.set(title="(a) mean; lines: exact expectation", ylabel=_LENGTH)


def _level(axis: Axes, table: pd.DataFrame, others: Sets, read: pd.DataFrame) -> None:
    rows = rows_of(table, "he_normal")
    lengths = rows["log10_length"].fillna(-np.inf).groupby(rows["depth"])
    exact, look = exact_means(rows), {"color": COLOURS[1], "ms": 3, "lw": 0.8}
    medians = {depth: quantile_interval(group, 0.5, 0.95) for depth, group in lengths}
    median = pd.DataFrame.from_dict(medians, orient="index", columns=["value", "low", "high"])
    axis.plot(exact, "k", lw=0.9, label="exact expectation")
    _error_bars(axis, log10_means(rows), *_limits(others, "he_normal", exact), ls="none",
                marker="s", label="mean of the sample", **look)  # fmt: skip
    _error_bars(axis, median["value"], median["low"], median["high"], marker="o", label="median",
                **look | {"color": COLOURS[0]})  # fmt: skip
    low, high = lengths.quantile(0.1).clip(lower=-9), lengths.quantile(0.9)
    axis.fill_between(
        low.index, low, high, color=COLOURS[0], alpha=0.15, lw=0, label="10 % to 90 %"
    )
    _published(axis, read["he_normal"], label="published mean")
    axis.set(title="(b) He normal: what a mean shows", ylim=(-4, 15), ylabel=_LENGTH)
    axis.legend(loc="upper left", ncols=2)


def _ratios(axis: Axes, table: pd.DataFrame, read: pd.DataFrame, looks: dict) -> None:
    he = rows_of(table, "he_normal")
    base = he["log10_length"].fillna(-np.inf).groupby(he["depth"]).median() - exact_means(he)
    for (law, look), shift in zip(looks.items(), jittered(0, len(looks), _STEP), strict=True):
        if law == "he_normal":
            continue
        rows = rows_of(table, law)
        medians = rows["log10_length"].fillna(-np.inf).groupby(rows["depth"]).median()
        ratio = medians - exact_means(rows) - base
        axis.plot(ratio.index + shift, ratio, ms=2.6, lw=0.7, **look)
        if law in read:
            gain = np.log10(WEIGHT_LAWS[law].length_gain)
            ratio = read[law] - read["he_normal"] - gain * read.index
            _published(axis, ratio, color=look["color"])
    axis.set(
        title="(c) ratio to He normal, over its expected value",
        ylabel="ratio of medians,\nover its expected value",
    )


def _spread(axis: Axes, table: pd.DataFrame, depths: np.ndarray, kernel: int) -> None:
    looks = {"picture": (COLOURS[1], "s", "the image"), "noise": (COLOURS[0], "o", "white noise")}
    for image, (colour, marker, label) in looks.items():
        found = measures.log_variances(table, image)
        middle, reach = found["variance"], np.exp(1.96 * np.sqrt(found["error"]))
        _error_bars(axis, middle, middle / reach, middle * reach, color=colour, marker=marker,
                    ms=3, lw=0.8, label=label)  # fmt: skip
    for area, label in ((1, "channels"), (kernel**2, "fan-in")):
        values = [
            measures.connected_variance(depth, area * depth // LAYERS_PER_CHANNEL)
            for depth in depths
        ]
        axis.plot(depths, values, color="0.35", ls="--" if area == 1 else ":", lw=1,
                  label=f"fully connected, width = {label}")  # fmt: skip
    axis.set(yscale="log", ylim=(3, 400), title="(d) spread of the length, He normal",
             ylabel=r"variance of $\ln \|\mathrm{act}_d\|^2$")  # fmt: skip
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.legend(loc="upper left", ncols=2, fontsize=6)


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, others: Sets, published: Tables, preset: str
) -> Page:
    """Mean squared length against depth, what a mean shows, ratios to He normal, and the spread."""
    looks, read = looks_of_laws(s.laws), read_off(published)
    page, grid = plt.subplots(2, 2, figsize=(FULL_WIDTH, 5.4), sharex=True)
    _means(grid[0, 0], table, others, read, looks)
    _level(grid[0, 1], table, others, read)
    _ratios(grid[1, 0], table, read, looks)
    _spread(grid[1, 1], table, np.sort(table["depth"].unique()), s.kernel)
    for axis in (grid[0, 0], grid[0, 1], grid[1, 0]):
        decades(axis.yaxis)
    for axis in grid[1]:
        axis.set_xlabel("depth d; d/10 channels")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    handles.append(plt.Line2D([], [], **_CROSS | {"color": "0.3"}))
    page.legend(handles, [*labels, "published, read off"], loc="outside upper center", ncols=4)
    image = "the paper's image" if s.data == "cifar10" else "a random image in place of the paper's"
    footnote(
        page,
        preset,
        f"{s.networks} networks per point ({s.noise_networks} for white noise), {image}. Bars of means: "
        "where 95 % of means of 1,000 other networks would lie; other bars: 95 % intervals",
    )
    return page
