"""Sample mean and variance by layer of finite networks: one width, one block of networks."""

import numpy as np
import pandas as pd

from deepinit.meanfield.sample_variance import sample_statistics
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a network and layer: squared_mean (m²), variance (v²) and ratio (m/v).

    m² is unbiased, so it scatters around zero in the first layers; the ratio takes its sign,
    lest its mean be biased there.
    """
    width, block = job.spec["width"], job.spec["block"]
    squared_mean, variance = sample_statistics(
        width,
        job.spec["layers"],
        job.spec["samples"],
        job.spec["networks"],
        random_stream(job, {"width": width, "samples": job.spec["samples"]}, block),
        progress=job.progress("networks"),
    )
    networks, layers = squared_mean.shape
    m2, v2 = squared_mean.numpy().ravel(), variance.numpy().ravel()
    job.write_table(
        pd.DataFrame(
            {
                "width": width,
                "block": block,
                "network": np.repeat(np.arange(networks), layers),
                "layer": np.tile(np.arange(layers), networks),
                "squared_mean": m2,
                "variance": v2,
                "ratio": np.sign(m2) * np.sqrt(np.abs(m2) / v2),
            }
        )
    )
