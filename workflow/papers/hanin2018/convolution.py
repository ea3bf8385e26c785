"""Which networks the measurements on convolutional networks are about."""

import pandas as pd

from study.figure_data import FigureData
from study.verdicts import NotTested


def of_layer(data: FigureData, padding: str, most: bool, layer: int) -> pd.DataFrame:
    """Return the rows of one layer with most, or fewest, channels."""
    frame = data.rows("conv", padding=padding, depth=layer)
    channels = frame["channels"].max() if most else frame["channels"].min()
    return frame[frame["channels"] == channels]


def deepest(data: FigureData, padding: str, most: bool) -> pd.DataFrame:
    """Return the rows at the greatest depth with most, or fewest, channels."""
    depth = int(data.rows("conv", padding=padding)["depth"].max())
    if depth < 30:
        raise NotTested("needs a depth of 30 or more")
    return of_layer(data, padding, most, depth)
