"""Length in residual networks with scaled modules: one scale of one kind of module."""

import numpy as np
import pandas as pd
import torch

from deepinit.resnet.scaled_modules import log_lengths, log_mean_by_population
from deepinit.resnet.scaled_modules_theory import module_scales
from papers.hanin2018.streams import blocks_of_streams
from study.figure import Figure

figure = Figure(unit="scales")

_BLOCK = 1000
_POPULATIONS_AT_ONCE = 10


@figure.point()
def lengths(s, streams, ending, base):
    """One row per sampler, number of modules and replicate: log10_length = log10 M_L/M_0.

    sampler "network": a replicate is one network, all weights drawn. "population": a replicate is
    an unbiased estimate of the mean, from a population of its own (reduced sampler).
    """
    # One stream a curve: a longer network begins with the numbers of a shorter one.
    scales = module_scales(base, max(s.modules)).tolist()
    place = {"ending": ending, "base": base, "width": s.width, "hidden": s.hidden}
    modules = {"hidden": s.hidden, "ending": ending}
    networks = [
        log_lengths(scales, s.width, count, stream, **modules, reduced=False)
        for stream, count in blocks_of_streams(streams, s.networks, _BLOCK, place, "networks")
    ]
    populations = [
        log_mean_by_population(scales, s.width, count, s.particles, stream, **modules)
        for stream, count in blocks_of_streams(
            streams, s.populations, _POPULATIONS_AT_ONCE, place, {"particles": s.particles}
        )
    ]
    samplers = {"network": networks, "population": populations}
    return pd.concat(
        [_rows(name, logs, s.modules) for name, logs in samplers.items()], ignore_index=True
    )


def _rows(sampler, logs, modules):
    modules = np.array(modules)
    log10 = torch.cat(logs).cpu().numpy()[:, modules - 1].T / np.log(10)
    number, replicate = np.indices(log10.shape).reshape(2, -1)
    return pd.DataFrame(
        {
            "sampler": sampler,
            "modules": modules[number],
            "replicate": replicate,
            "log10_length": log10.ravel(),
        }
    )
