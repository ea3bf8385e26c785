"""Pieces that the figures of all papers share: sizes, colours, labels, interval bands."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import LogLocator, NullFormatter
from numpy.typing import ArrayLike

#: A journal's text width and column width, inches.
FULL_WIDTH, COLUMN_WIDTH = 6.8, 3.3
#: Colour-blind safe (Okabe–Ito, seaborn's "colorblind"); its light pink and its yellow are too faint for
#: lines: wine and indigo (Tol) stand for them. In numbers, since importing seaborn takes as long as drawing.
COLOURS = [
    "#0173b2",
    "#de8f05",
    "#029e73",
    "#d55e00",
    "#cc78bc",
    "#ca9161",
    "#882255",
    "#949494",
    "#332288",
    "#56b4e9",
]
#: A picture's pixels as they are.
GREY = {"cmap": "gray", "interpolation": "nearest"}
PUBLISHED = {"marker": "x", "color": "black", "linestyle": "none", "markersize": 4.5, "zorder": 5}


def use_style() -> None:
    """Draw with the project's style file from here on, and nothing of a matplotlibrc of the user's."""
    plt.rcdefaults()
    plt.style.use(Path(__file__).with_suffix(".mplstyle"))


def panels(columns: int, width: float = FULL_WIDTH, height: float = 2.3, **keywords: Any) -> tuple:
    """Return (figure, array of `columns` axes side by side)."""
    figure, axes = plt.subplots(1, columns, figsize=(width, height), squeeze=False, **keywords)
    return figure, axes[0]


def footnote(figure: Figure, preset: str, text: str) -> None:
    """Write in small print below the figure which preset made it, and from how much."""
    text, most = f"deepinit, preset {preset}: {text}", int(22 * figure.get_figwidth())
    lines = textwrap.wrap(text, most)
    # As narrow as goes into so many lines, so that no word stands alone on the last.
    widths = range(len(text) // len(lines), most)
    even = next((w for w in widths if len(textwrap.wrap(text, w)) == len(lines)), most)
    figure.supxlabel(textwrap.fill(text, even), fontsize=5.5, color="0.4", x=0.99, ha="right")


def legend_above(figure: Figure, axes: Iterable[Axes], columns: int) -> None:
    """Explain above the panels, once, what is drawn in any of `axes`."""
    entries = {}
    for axis in axes:
        handles, labels = axis.get_legend_handles_labels()
        entries |= dict(zip(labels, handles, strict=True))
    figure.legend(entries.values(), entries.keys(), loc="outside upper center", ncols=columns)


def line_with_band(
    axes: Axes, x: ArrayLike, middle: ArrayLike, low: ArrayLike, high: ArrayLike, **line: Any
) -> None:
    """Draw a curve and the band between `low` and `high` in its colour, a bar at a point by itself."""
    (drawn,) = axes.plot(x, middle, **line)
    axes.fill_between(x, low, high, color=drawn.get_color(), alpha=0.22, linewidth=0)
    ends = np.array([x, low, high], dtype=float)
    there = np.pad(np.isfinite(ends).all(axis=0), 1)
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    axes.vlines(*ends[:, alone], color=drawn.get_color(), lw=0.9)


def picture(axes: Axes, pixels: pd.DataFrame, values: str, **look: Any) -> AxesImage:
    """Draw a column of rows that are pixels, without ticks, grid and frame."""
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    image = pixels.pivot(index="row", columns="column", values=values)
    return axes.imshow(image.to_numpy(float), **look)


def count_axis(axes: Axes, counts: Sequence[int], label: str) -> None:
    """Make the horizontal axis a logarithmic one of depths or widths, with whole-number ticks."""
    axes.set_xscale("log")
    ticks = {tick for tick in (1, 10, 100, 1000, 10_000) if min(counts) <= tick <= max(counts)}
    if len(ticks) < 2:
        ticks |= {min(counts), max(counts)}
    axes.set_xticks(sorted(ticks))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_formatter(lambda value, _: "")
    axes.set_xlabel(label)


def log_ticks(axis: Axis) -> None:
    """Label 1, 2 and 5 times the powers of ten of a logarithmic axis that spans few of them."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.set_minor_formatter(NullFormatter())


def power_of_ten(value: float, _position: int | None = None) -> str:
    """Return a tick label for an axis of decimal logarithms."""
    return f"$10^{{{value:g}}}$"


def decades(axis: Axis) -> None:
    """Label whole powers of ten on an axis of decimal logarithms."""
    axis.set_major_formatter(power_of_ten)
    axis.get_major_locator().set_params(integer=True)


def letters() -> Iterator[str]:
    """Yield the letters of panels, a, b, …, z, aa, ab and so on."""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


def jittered(x: float, count: int, spread: float) -> np.ndarray:
    """Return `count` evenly spread positions around `x`."""
    return x + spread * (np.arange(count) - (count - 1) / 2)
