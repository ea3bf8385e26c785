"""Distance of networks of several depths to a much deeper one on the same path of weights."""

import numpy as np
import pandas as pd

from deepinit.resnet.strong_convergence import brownian_weights, smooth_weights
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a width, depth and network; rows of one width and network share their path.

    log10_error is log10 ‖h_L − h_{L′}‖/‖h_0‖, log10_output_norm is log10 ‖h_L‖/‖h_0‖, where L′ is
    `reference`, and log10_reference_norm is log10 ‖h_{L′}‖/‖h_0‖.
    """
    spec = job.spec
    depths, reference, networks = (spec[key] for key in ("depths", "reference", "networks"))
    progress = job.progress("widths")
    frames = []
    for done, width in enumerate(spec["widths"]):
        stream = random_stream(job, {"law": spec["law"], "width": width, "reference": reference})
        if spec["law"] == "independent":
            found = brownian_weights(depths, reference, width, networks, stream)
        else:
            found = smooth_weights(depths, reference, width, networks, stream, spec["variance"])
        frames.append(
            pd.DataFrame(
                {
                    "law": spec["law"],
                    "width": width,
                    "reference": reference,
                    "depth": np.tile(depths, networks),
                    "network": np.repeat(np.arange(networks), len(depths)),
                    "log10_error": found.error.log10().cpu().numpy().ravel(),
                    "log10_output_norm": found.norm.log10().cpu().numpy().ravel(),
                    "log10_reference_norm": np.repeat(
                        found.reference_norm.log10().cpu().numpy(), len(depths)
                    ),
                }
            )
        )
        progress(done + 1, len(spec["widths"]))
    job.write_table(pd.concat(frames, ignore_index=True))
