"""Sample mean and variance by layer with batch norm, layer norm and neither before the ReLU."""

import pandas as pd

from deepinit.meanfield.normalisation import STEPS
from deepinit.meanfield.sample_variance import sample_statistics
from scripts.luther2019.by_layer import by_layer
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a kind of net, network and layer: squared_mean (m²) and variance (v²).

    Both are those of the pre-activations before normalisation.
    """
    spec = job.spec
    frames = []
    progress = job.progress("kinds of net")
    for done, (kind, step) in enumerate(STEPS.items()):
        statistics = sample_statistics(
            spec["width"],
            spec["layers"],
            spec["batch"],
            spec["networks"],
            random_stream(job, {"width": spec["width"], "batch": spec["batch"], "kind": kind}),
            step=step,
            batch=1,
        )
        frames.append(by_layer(*statistics, kind=kind))
        progress(done + 1, len(STEPS))
    job.write_table(pd.concat(frames, ignore_index=True))
