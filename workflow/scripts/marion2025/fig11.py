"""Ratios at β = ½ with the weight inside ReLU: one block of networks, drawn or reduced."""

import numpy as np
import pandas as pd

from deepinit.simulate.residual_inside import inside_weights, reduced_inside
from pipeline.compute import random_stream
from pipeline.job import Job
from scripts.marion2025.ratios import log10_columns

# Networks of the reduced sampler side by side: 8 L d bytes each are kept for the backward pass.
_REDUCED_BATCH_BYTES = 500_000_000


def run(job: Job) -> None:
    """Write one row a network; `sampler` is "explicit" (uniform weights) or "reduced"."""
    spec = job.spec
    depth, width, beta, networks = (spec[key] for key in ("depth", "width", "beta", "networks"))
    stream = random_stream(
        job, {"sampler": spec["sampler"], "depth": depth, "width": width}, spec["block"]
    )
    progress = job.progress("networks")
    options = {"activation": "relu", "inputs": spec["inputs"]}
    if spec["sampler"] == "explicit":
        parts = [
            inside_weights(
                depth,
                width,
                beta,
                networks,
                stream,
                weights="uniform",
                progress=progress,
                **options,
            )
        ]
    else:
        batch = max(1, _REDUCED_BATCH_BYTES // (8 * depth * width))
        parts = []
        for first in range(0, networks, batch):
            count = min(batch, networks - first)
            parts.append(reduced_inside(depth, width, beta, count, stream, **options))
            progress(first + count, networks)
    columns = [log10_columns(part) for part in parts]
    place = {"sampler": spec["sampler"], "block": spec["block"], "network": np.arange(networks)}
    values = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    job.write_table(pd.DataFrame({**place, **values}))
