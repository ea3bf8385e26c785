"""Length in residual networks with scaled modules: all scales of one kind of module."""

import numpy as np
import pandas as pd
import torch

from deepinit.resnet.scaled_modules import (
    explicit_modules,
    log_lengths,
    log_mean_by_population,
    reduced_modules,
)
from deepinit.resnet.scaled_modules_theory import module_scales
from scripts.hanin2018.streams import blocks_of_streams
from study.job import Job

_BLOCK = 1000
_POPULATIONS_AT_ONCE = 10


def run(job: Job) -> None:
    """Write log10_length = log10 M_L/M_0, one row a base, number of modules and replicate.

    sampler "network": a replicate is one network, all weights drawn. "population": a replicate is
    an unbiased estimate of the mean, from a population of its own (reduced sampler).
    """
    spec = job.spec
    ending, width, hidden = spec["ending"], spec["width"], spec["hidden"]
    recorded = np.array(spec["modules"]) - 1
    progress, frames = job.progress("scales"), []
    for done, base in enumerate(spec["bases"]):
        # One stream a curve: a longer network begins with the numbers of a shorter one.
        scales = module_scales(base, max(spec["modules"])).tolist()
        place = {"ending": ending, "base": base, "width": width, "hidden": hidden}
        networks = [
            log_lengths(scales, width, count, stream, explicit_modules(hidden, ending, stream))
            for stream, count in blocks_of_streams(job, spec["networks"], _BLOCK, place, "networks")
        ]
        particles = {"particles": spec["particles"]}
        populations = [
            log_mean_by_population(
                scales,
                width,
                count,
                spec["particles"],
                stream,
                reduced_modules(hidden, ending, stream),
            )
            for stream, count in blocks_of_streams(
                job, spec["populations"], _POPULATIONS_AT_ONCE, place, particles
            )
        ]
        for sampler, parts in (("network", networks), ("population", populations)):
            logs = torch.cat(parts).cpu().numpy()[:, recorded] / np.log(10)
            replicates = np.arange(len(logs))
            frames.append(
                pd.DataFrame(
                    {
                        "ending": ending,
                        "base": base,
                        "sampler": sampler,
                        "modules": np.repeat(recorded + 1, len(logs)),
                        "replicate": np.tile(replicates, len(recorded)),
                        "log10_length": logs.T.ravel(),
                    }
                )
            )
        progress(done + 1, len(spec["bases"]))
    job.write_table(pd.concat(frames, ignore_index=True))
