"""How images of cells are drawn."""

import pandas as pd
from matplotlib.axes import Axes

from study.style import picture_axes


def show(axis: Axes, pixels: pd.DataFrame, column: str) -> None:
    """Draw a column of one image's pixels in grey."""
    picture = pixels.pivot(index="row", columns="column", values=column)
    axis.imshow(picture.to_numpy(float), cmap="gray", interpolation="nearest")
    picture_axes(axis)
