"""Output ratios of networks with Gaussian iid weights, as rows of a table; no tensors needed."""

import numpy as np
import pandas as pd

from deepinit.resnet.output_ratios import residual_lengths
from study.job import Job


def output_lengths(job: Job, width: int, depth: int, beta: float) -> pd.DataFrame:
    """Return one row a network, the stream's address being (width, depth, β).

    `unmoved` marks networks without any active unit: they have no log10_output_change.
    """
    networks = job.spec["networks"]
    address = {"sampler": "lengths", "width": width, "depth": depth, "beta": beta}
    generator = np.random.Generator(np.random.SFC64(job.seeds(address)))
    found = residual_lengths(depth, width, beta, networks, generator)
    unmoved = np.isneginf(found.change)
    return pd.DataFrame(
        {
            "sampler": "lengths",
            "width": width,
            "depth": depth,
            "beta": beta,
            "network": np.arange(networks),
            "log10_output_norm": found.norm / np.log(10),
            "log10_output_change": np.where(unmoved, np.nan, found.change / np.log(10)),
            "unmoved": unmoved,
        }
    )
