"""Changes of output and gradient at some depths, weight inside the activation: one block.

Computes the tables of figures 10 (independent weights) and 13 (smooth weights).
"""

import numpy as np
import pandas as pd

from deepinit.simulate.residual_inside import inside_weights
from pipeline.compute import random_stream
from pipeline.job import Job
from scripts.marion2025.ratios import log10_columns


def run(job: Job) -> None:
    """Write one row an activation, β, depth and network."""
    spec = job.spec
    points = [
        (depth, activation, beta)
        for depth in spec["depths"]
        for activation in spec["activations"]
        for beta in spec["betas"]
    ]
    progress = job.progress("grid points")
    frames = []
    for done, (depth, activation, beta) in enumerate(points):
        place = {"activation": activation, "beta": beta, "depth": depth}
        ratios = inside_weights(
            depth,
            spec["width"],
            beta,
            spec["networks"],
            random_stream(job, {**place, "width": spec["width"]}, spec["block"]),
            activation=activation,
            weights=spec["weights"],
            inputs=spec["inputs"],
        )
        place |= {"block": spec["block"], "network": np.arange(spec["networks"])}
        frames.append(pd.DataFrame({**place, **log10_columns(ratios)}))
        progress(done + 1, len(points))
    job.write_table(pd.concat(frames, ignore_index=True))
