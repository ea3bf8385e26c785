"""Changes of output and gradient at some depths, smooth weights, all β: one block of networks."""

import numpy as np
import pandas as pd

from deepinit.simulate.residual_smooth import smooth_weights
from pipeline.compute import random_stream
from pipeline.job import Job
from scripts.marion2025.ratios import log10_columns


def run(job: Job) -> None:
    """Write one row a kind of weights, β, depth and network."""
    spec = job.spec
    kinds = [("process", beta) for beta in spec["betas"]]
    kinds += [("increments", beta) for beta in spec["increments_betas"]]
    points = [(depth, *kind) for depth in spec["depths"] for kind in kinds]
    progress = job.progress("grid points")
    frames = []
    for done, (depth, weights, beta) in enumerate(points):
        place = {"weights": weights, "beta": beta, "depth": depth}
        ratios = smooth_weights(
            depth,
            spec["width"],
            beta,
            spec["networks"],
            random_stream(job, {**place, "width": spec["width"]}, spec["block"]),
            weights=weights,
            inputs=spec["inputs"],
        )
        place |= {"block": spec["block"], "network": np.arange(spec["networks"])}
        frames.append(pd.DataFrame({**place, **log10_columns(ratios)}))
        progress(done + 1, len(points))
    job.write_table(pd.concat(frames, ignore_index=True))
