"""Changes of output and gradient at one depth, iid weights, all β: one block of networks."""

import numpy as np
import pandas as pd

from deepinit.simulate.residual import independent_weights
from pipeline.compute import random_stream
from pipeline.job import Job
from scripts.marion2025.ratios import log10_columns


def run(job: Job) -> None:
    """Write one row a β and network."""
    depth, block, networks = (job.spec[key] for key in ("depth", "block", "networks"))
    progress = job.progress("values of β")
    frames = []
    for done, beta in enumerate(job.spec["betas"]):
        ratios = independent_weights(
            depth,
            job.spec["width"],
            beta,
            networks,
            random_stream(job, {"depth": depth, "beta": beta, "width": job.spec["width"]}, block),
            law="uniform",
            inputs=job.spec["inputs"],
            gradients=True,
        )
        place = {"beta": beta, "depth": depth, "block": block, "network": np.arange(networks)}
        frames.append(pd.DataFrame({**place, **log10_columns(ratios)}))
        progress(done + 1, len(job.spec["betas"]))
    job.write_table(pd.concat(frames, ignore_index=True))
