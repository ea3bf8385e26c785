"""Output maps of one image in random convolutional networks (Hanin & Rolnick 2018)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import mean_interval
from papers.hanin2018.convolution import deepest, of_layer
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import FULL_WIDTH, footnote, picture
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

#: Largest value, over the root mean square of a map, that has a colour of its own.
_BRIGHTEST = 2


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """One output map a layer, few and many channels, both paddings; the image once."""
    places = [(c, p) for c in s.channels for p in s.paddings]
    page = plt.figure(figsize=(FULL_WIDTH, 0.92 * len(places) + 0.5))
    grid = page.add_gridspec(len(places), len(s.layers) + 1)
    image = page.add_subplot(grid[:, 0])
    first = (table["channels"] == s.channels[0]) & (table["padding"] == s.paddings[0])
    picture(image, table[first & (table["layer"] == 0)], "value", cmap="gray")
    image.set_title("image")
    for row, (channels, padding) in enumerate(places):
        for column, layer in enumerate(s.layers, 1):
            axis = page.add_subplot(grid[row, column])
            kind = (table["channels"] == channels) & (table["padding"] == padding)
            pixels = table[kind & (table["layer"] == layer)]
            maps = picture(axis, pixels, "value", vmin=0, vmax=_BRIGHTEST)
            if row == 0:
                axis.set_title(f"layer {layer}")
            if column == 1:
                axis.set_ylabel(f"{channels} channels\n{padding} padding", fontsize=7)
    bar = page.colorbar(maps, ax=page.axes[1:], extend="max", fraction=0.03, aspect=40)
    bar.set_label("activation over its root mean square")
    footnote(
        page,
        preset,
        "the channel with the largest length; one network for each number of channels, the same weights for "
        "both paddings",
    )
    return page


@figure.measure
def map_contrast(data: FigureData, padding: str) -> Measurement:
    """Contrast of the deepest map over that of the first layer's: geometric mean over networks.

    On the networks of the figure of lengths, with most channels; contrast is that of the output map
    with the largest length.
    """
    first, last = (
        rows.set_index("network")["map_contrast"]
        for rows in (
            of_layer(data, padding, most=True, layer=1),
            deepest(data, padding, most=True),
        )
    )
    logs = np.log(last / first).dropna()
    if len(logs) < 30:
        raise NotTested("needs 30 networks")
    low, high = np.exp(np.quantile(logs, [0.1, 0.9]))
    return Measurement(
        mean_interval(logs, LEVEL).map(np.exp),
        note=f"{len(logs)} networks; 80 % of them lie between {low:.2g} and {high:.2g}, "
        f"{int((logs >= 0).sum())} at 1 or above",
    )
