"""Seeded images of cells, pixel by pixel, with their boundaries."""

import numpy as np
import pandas as pd

from deepinit.training.membrane_images import membrane_images
from study.job import Job


def run(job: Job) -> None:
    """Write one row a pixel: image, row, column, grey (mean 0, variance 1 an image), boundary."""
    side, number = job.spec["side"], job.spec["images"]
    generator = np.random.Generator(np.random.SFC64(job.seeds({"side": side})))
    made = membrane_images(number, side, generator)
    places = np.indices((number, side, side), dtype=np.int32).reshape(3, -1)
    frame = pd.DataFrame(dict(zip(("image", "row", "column"), places, strict=True)))
    job.write_table(
        frame.assign(grey=made.images.ravel(), boundary=made.boundary.ravel().astype(bool))
    )
