"""Output maps of one image in random convolutional networks (Hanin & Rolnick 2018)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import Estimate, mean_interval
from papers.hanin2018.convolution import deepest, of_layer
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import FULL_WIDTH, sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """One output map a layer, few and many channels, both paddings."""
    places = [(c, p) for c in s.channels for p in s.paddings]
    layers = [0, *s.layers]
    page, grid = plt.subplots(
        len(places),
        len(layers),
        figsize=(FULL_WIDTH, 1.05 * len(places) + 0.5),
        squeeze=False,
    )
    for row, (channels, padding) in zip(grid, places, strict=True):
        for axis, layer in zip(row, layers, strict=True):
            pixels = table[
                (table["channels"] == channels)
                & (table["padding"] == padding)
                & (table["layer"] == layer)
            ]
            picture = pixels.pivot(index="row", columns="column", values="value")
            axis.imshow(picture, cmap="viridis", vmin=0, vmax=3 if layer else None)
            axis.set(xticks=[], yticks=[])
            axis.grid(visible=False)
            if (channels, padding) == places[0]:
                axis.set_title("image" if layer == 0 else f"layer {layer}")
        row[0].set_ylabel(f"{channels} channels\n{padding} padding", fontsize=7)
    sign(
        page,
        preset,
        "the channel with the largest length, over its root mean square, colours from 0 to 3; one "
        "network a number of channels, the same weights for both paddings",
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
    ratio = mean_interval(logs, LEVEL)
    low, high = np.exp(np.quantile(logs, [0.1, 0.9]))
    return Measurement(
        Estimate(*(float(np.exp(part)) for part in ratio)),
        note=f"{len(logs)} networks; 80 % of them lie between {low:.2g} and {high:.2g}, "
        f"{int((logs >= 0).sum())} at 1 or above",
    )
