"""Sample mean and variance of gradients by layer: plain, sample-initialised, batch norm."""

import pandas as pd

from deepinit.meanfield.gradients import KINDS, gradient_statistics
from scripts.luther2019.by_layer import by_layer
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a kind of net, output gradient, network and layer.

    The gradient is that with respect to the ReLU's input; squared_mean is m², variance v²;
    output_gradient is "own" (independent between inputs) or "shared" (the same for all). Both
    stand for the same networks.
    """
    spec = job.spec
    frames = []
    for kind in KINDS:
        found = gradient_statistics(
            kind,
            spec["width"],
            spec["depth"],
            spec["batch"],
            spec["networks"],
            random_stream(job, {"width": spec["width"], "batch": spec["batch"], "kind": kind}),
            progress=job.progress(f"networks, {kind}"),
        )
        for name, statistics in found.items():
            frames.append(by_layer(*statistics, kind=kind, output_gradient=name))
    job.write_table(pd.concat(frames, ignore_index=True))
