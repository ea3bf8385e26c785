"""Changes of outputs, and for some networks of gradients, where L α² ≤ 1."""

import numpy as np
import pandas as pd

from scripts.marion2025.output_lengths import output_lengths
from study.job import Job


def _rows(job: Job, width: int, depth: int, beta: float) -> pd.DataFrame:
    if job.spec["sampler"] == "lengths":
        rows = output_lengths(job, width, depth, beta)
        return rows.assign(log10_gradient_change=np.nan, no_gradient_change=True)
    # Imported here, because outputs alone need no torch, which takes longer to load than to use.
    from scripts.marion2025.joint_ratios import joint_ratios

    rows = joint_ratios(job, width, depth, beta).drop(columns="log10_gradient_norm")
    return rows.assign(no_gradient_change=rows["unmoved"])


def run(job: Job) -> None:
    """Write one row a width, depth, β and network.

    Networks of the "lengths" sampler have no gradients: `no_gradient_change` says so.
    """
    spec = job.spec
    points = [(w, d, b) for w in spec["widths"] for d in spec["depths"] for b in spec["betas"]]
    progress = job.progress("points")
    frames = []
    for done, (width, depth, beta) in enumerate(points):
        frames.append(_rows(job, width, depth, beta))
        progress(done + 1, len(points))
    job.write_table(
        pd.concat(frames, ignore_index=True),
        {"log10_output_change": "unmoved", "log10_gradient_change": "no_gradient_change"},
    )
