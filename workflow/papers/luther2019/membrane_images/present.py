"""The images that the U-Net sees, and what a threshold of darkness finds in them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import mean_interval
from deepinit.training.detection import average_precision, best_threshold
from study.presentation import Presentation
from study.style import FULL_WIDTH, GREY, footnote, picture
from study.verdicts import LEVEL, Measurement

figure = Presentation()


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Images, their boundaries, and what the best threshold of darkness takes for them."""
    drawn = min(s.drawn, s.images)
    page, grid = plt.subplots(3, drawn, figsize=(FULL_WIDTH, 3.7), squeeze=False)
    darkness = -table["grey"]
    threshold, balanced = best_threshold(darkness, table["boundary"])
    found = table.assign(found=darkness >= threshold)
    for number in range(drawn):
        pixels = found[found["image"] == number]
        for axis, column in zip(grid[:, number], ("grey", "boundary", "found"), strict=True):
            picture(axis, pixels, column, **GREY)
    for axis, text in zip(grid[:, 0], ("image", "boundary", "darker than\nthreshold"), strict=True):
        axis.set_ylabel(text)
    precision = average_precision(darkness, table["boundary"])
    text = f"darkness alone on {s.images} images: average precision {precision:.2f} "
    text += f"({table['boundary'].mean():.2f} of the pixels are boundary), balanced accuracy at "
    footnote(page, preset, f"{text}the best threshold {balanced:.2f}")
    return page


@figure.measure
def threshold_accuracy(table: pd.DataFrame) -> Measurement:
    """Balanced accuracy of darkness on the images of cells, the best threshold for each image."""
    pairs = [
        (-image["grey"].to_numpy(), image["boundary"].to_numpy())
        for _, image in table.groupby("image")
    ]
    precision = np.mean([average_precision(*pair) for pair in pairs])
    share = np.mean([boundary.mean() for _, boundary in pairs])
    return Measurement(
        mean_interval([best_threshold(*pair)[1] for pair in pairs], LEVEL),
        note=f"average precision per image: {precision:.2f}, boundary: {share:.2f} of the pixels",
    )
