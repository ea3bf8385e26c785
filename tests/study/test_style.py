"""Pieces that figures share."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from study.style import line_with_band


@pytest.mark.parametrize("middle", [[2.0], [2.0, 2.0, 2.0], [2.0, np.nan, 2.0]])
def test_an_interval_is_seen_at_one_place_as_at_several(middle: list[float]):
    x, middle = np.arange(1.0, len(middle) + 1), np.array(middle)
    page, axes = plt.subplots()
    axes.set(xlim=(0, 4), ylim=(0, 4))
    line_with_band(axes, x, middle, middle - 1, middle + 1, color="black")
    page.canvas.draw()
    pixels = np.asarray(page.canvas.buffer_rgba())[..., :3]
    column, row = axes.transData.transform((1.0, 1.5)).round().astype(int)
    near = pixels[pixels.shape[0] - row, column - 2 : column + 3]
    plt.close(page)
    assert near.min() < 250
