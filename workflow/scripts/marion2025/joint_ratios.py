"""Both ratios of outputs and of gradients by the reduced sampler, as rows of a table."""

import numpy as np
import pandas as pd

from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from scripts.marion2025.ratios import log10_columns
from study.job import Job
from study.streams import random_stream


def joint_ratios(job: Job, width: int, depth: int, beta: float) -> pd.DataFrame:
    """Return one row a network, the stream's address being (width, depth, β).

    `unmoved` marks networks without any active unit: they have no log10_output_change, and no
    gradient's change either.
    """
    networks = job.spec["networks"]
    stream = random_stream(job, {"sampler": "joint", "width": width, "depth": depth, "beta": beta})
    columns = log10_columns(
        independent_gaussian_weights(depth, width, beta, networks, stream, gradients=True)
    )
    unmoved = np.isneginf(columns["log10_output_change"])
    for name in ("log10_output_change", "log10_gradient_change"):
        columns[name] = np.where(unmoved, np.nan, columns[name])
    place = {"sampler": "joint", "width": width, "depth": depth, "beta": beta}
    return pd.DataFrame({**place, "network": np.arange(networks), **columns, "unmoved": unmoved})
