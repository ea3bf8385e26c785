"""Length in residual networks with scaled modules: one scale of one kind of module, by either sampler."""

import numpy as np
import pandas as pd
import torch

from deepinit.resnet.scaled_modules import log_lengths, log_mean_by_population
from papers.hanin2018.scales import RECIPROCAL, scales_of
from study.blocks import blocks_of_streams
from study.figure import Figure

figure = Figure(unit="scales")

_BLOCK = 1000
_POPULATIONS_AT_ONCE = 10


@figure.point()
def lengths(s, streams, ending, base, sampler):
    """One row per number of modules and replicate: log10_length = log10 M_L/M_0.

    sampler "network": a replicate is one network, all weights drawn; of powers alone. "population": a
    replicate is an unbiased estimate of the mean, from a population of its own (reduced sampler).
    """
    place = {"ending": ending, "base": base, "width": s.width, "hidden": s.hidden}
    modules = {"hidden": s.hidden, "ending": ending}

    def populations(scales, **more):
        address = {**place, **more}, {"particles": s.particles}
        return torch.cat(
            [
                log_mean_by_population(scales, s.width, count, s.particles, stream, **modules)
                for stream, count in blocks_of_streams(
                    streams, s.populations, _POPULATIONS_AT_ONCE, *address
                )
            ]
        )

    if base == RECIPROCAL:
        # Scales depend on L, so that a longer network does not begin as a shorter one.
        found = [
            populations(scales_of(base, count).tolist(), modules=count)[:, -1]
            for count in s.reciprocal
        ]
        return _rows(torch.stack(found, dim=1), s.reciprocal)
    # One stream a curve: a longer network begins with the numbers of a shorter one.
    scales, chosen = scales_of(base, max(s.modules)).tolist(), np.array(s.modules) - 1
    if sampler == "population":
        return _rows(populations(scales)[:, chosen], s.modules)
    networks = [
        log_lengths(scales, s.width, count, stream, **modules, reduced=False)
        for stream, count in blocks_of_streams(streams, s.networks, _BLOCK, place, "networks")
    ]
    return _rows(torch.cat(networks)[:, chosen], s.modules)


def _rows(logs, modules):
    """Return the rows of ln M_L/M_0, shape (replicates, numbers of modules)."""
    log10 = logs.cpu().numpy().T / np.log(10)
    number, replicate = np.indices(log10.shape).reshape(2, -1)
    return pd.DataFrame(
        {
            "modules": np.array(modules)[number],
            "replicate": replicate,
            "log10_length": log10.ravel(),
        }
    )
