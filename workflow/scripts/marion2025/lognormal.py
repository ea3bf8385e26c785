"""log10 of the ratios at β = ½ for several widths and depths, for some networks with gradients."""

import numpy as np
import pandas as pd

from scripts.marion2025.output_lengths import output_lengths
from study.job import Job


def _rows(job: Job, width: int, depth: int) -> pd.DataFrame:
    if job.spec["sampler"] == "lengths":
        rows = output_lengths(job, width, depth, 0.5)
        return rows.assign(log10_gradient_norm=np.nan, no_gradient=True)
    # Imported here, because outputs alone need no torch, which takes longer to load than to use.
    from scripts.marion2025.joint_ratios import joint_ratios

    return joint_ratios(job, width, depth, 0.5).assign(no_gradient=False)


def run(job: Job) -> None:
    """Write one row a width, depth and network.

    Networks of the "lengths" sampler have no gradients: `no_gradient` says so.
    """
    spec = job.spec
    points = [(width, depth) for width in spec["widths"] for depth in spec["depths"]]
    progress = job.progress("points")
    frames = []
    for done, (width, depth) in enumerate(points):
        frames.append(_rows(job, width, depth))
        progress(done + 1, len(points))
    kept = ["sampler", "width", "depth", "network", "log10_output_norm", "log10_gradient_norm"]
    table = pd.concat(frames, ignore_index=True)[[*kept, "no_gradient"]]
    job.write_table(table, {"log10_gradient_norm": "no_gradient"})
