"""Squared length after the last layer, depth = width: one depth, one block, all laws."""

import numpy as np
import pandas as pd

from deepinit.dense.squared_length import (
    explicit_preactivations,
    log_length,
    reduced_preactivations,
)
from deepinit.initialisers import WEIGHT_LAWS
from study.job import Job
from study.streams import random_stream

# Weights drawn at a time: what fits the cache and leaves memory to other jobs.
_WEIGHTS_AT_ONCE = 1 << 22


def run(job: Job) -> None:
    """Write one row a law and network: log10_length (log10 M_d, missing if dead) and dead.

    Gaussian and orthogonal laws use the reduced sampler, which is exact in law, except for
    He normal, whose weights are all drawn, so that the figure shows one Gaussian law in full.
    """
    depth, block, networks = (job.spec[key] for key in ("depth", "block", "networks"))
    progress = job.progress("initialisations")
    frames = []
    for done, name in enumerate(job.spec["laws"]):
        law = WEIGHT_LAWS[name]
        reduced = name == "orthogonal" or (law.is_gaussian and name != "he_normal")
        stream = random_stream(job, {"depth": depth, "law": name}, block)
        draw = (reduced_preactivations if reduced else explicit_preactivations)(law, stream)
        batch = networks if reduced else max(1, _WEIGHTS_AT_ONCE // depth**2)
        logs = np.concatenate(
            [
                log_length([depth] * depth, depth, min(batch, networks - first), stream, draw)[
                    :, -1
                ]
                for first in range(0, networks, batch)
            ]
        )
        dead = np.isneginf(logs)
        frames.append(
            pd.DataFrame(
                {
                    "law": name,
                    "depth": depth,
                    "block": block,
                    "network": np.arange(networks),
                    "log10_length": np.where(dead, np.nan, logs / np.log(10)),
                    "dead": dead,
                }
            )
        )
        progress(done + 1, len(job.spec["laws"]))
    job.write_table(pd.concat(frames, ignore_index=True), missing={"log10_length": "dead"})
