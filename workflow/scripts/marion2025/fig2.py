"""Ratios of outputs and gradients at β = ½: one block of networks, drawn or reduced."""

import numpy as np
import pandas as pd

from deepinit.simulate.residual import independent_weights
from deepinit.simulate.residual_reduced import independent_gaussian_weights
from pipeline.compute import random_stream
from pipeline.job import Job
from scripts.marion2025.ratios import log10_columns

# Networks of the reduced sampler side by side: 12 L d bytes each are kept for the backward pass.
_REDUCED_BATCH_BYTES = 600_000_000


def run(job: Job) -> None:
    """Write one row a network; `sampler` is "explicit" (uniform weights) or "reduced"."""
    spec = job.spec
    depth, width, networks = spec["depth"], spec["width"], spec["networks"]
    stream = random_stream(
        job, {"sampler": spec["sampler"], "depth": depth, "width": width}, spec["block"]
    )
    progress = job.progress("networks")
    if spec["sampler"] == "explicit":
        columns = log10_columns(
            independent_weights(
                depth,
                width,
                spec["beta"],
                networks,
                stream,
                law="uniform",
                inputs=spec["inputs"],
                gradients=True,
                progress=progress,
            )
        )
    else:
        batch = max(1, _REDUCED_BATCH_BYTES // (12 * depth * width))
        parts = []
        for first in range(0, networks, batch):
            count = min(batch, networks - first)
            parts.append(
                log10_columns(
                    independent_gaussian_weights(
                        depth, width, spec["beta"], count, stream, gradients=True
                    )
                )
            )
            progress(first + count, networks)
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    place = {"sampler": spec["sampler"], "block": spec["block"], "network": np.arange(networks)}
    job.write_table(pd.DataFrame({**place, **columns}))
