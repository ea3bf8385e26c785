"""Seeded images of cells, pixel by pixel, with their boundaries."""

import numpy as np

from deepinit.training.membrane_images import membrane_images
from study.figure import Figure

figure = Figure()


@figure.point(lambda s: {"side": s.side})
def pixels(s, seeds):
    """One row per pixel: image, row, column, grey (mean 0, variance 1 an image), boundary."""
    made = membrane_images(s.images, s.side, np.random.Generator(np.random.SFC64(seeds)))
    image, row, column = np.indices(made.images.shape, dtype=np.int32).reshape(3, -1)
    return {
        "image": image,
        "row": row,
        "column": column,
        "grey": made.images.ravel(),
        "boundary": made.boundary.ravel().astype(bool),
    }
