"""Squared length after the last layer, depth = width, of one law of the weights."""

import numpy as np

from deepinit.dense.squared_length import (
    explicit_preactivations,
    log_length,
    reduced_preactivations,
)
from deepinit.initialisers import WEIGHT_LAWS
from study.figure import Figure

figure = Figure(unit="initialisations")

# Weights drawn at a time: what fits the cache and leaves memory to other jobs.
_WEIGHTS_AT_ONCE = 1 << 22


def _address(s, law, depth, block, networks):
    return [{"depth": depth, "law": law}, block]


@figure.point(_address, index=("law", "depth", "block"))
def lengths(s, stream, law, depth, networks):
    """One row per network: log10_length is log10 M_d, missing if dead.

    Gaussian and orthogonal laws use the reduced sampler, which is exact in distribution, except for
    He normal, whose weights are all drawn, so that the figure shows one Gaussian law in full.
    """
    weights = WEIGHT_LAWS[law]
    reduced = law == "orthogonal" or (weights.is_gaussian and law != "he_normal")
    draw = (reduced_preactivations if reduced else explicit_preactivations)(weights, stream)
    batch = networks if reduced else max(1, _WEIGHTS_AT_ONCE // depth**2)
    logs = np.concatenate(
        [
            log_length([depth] * depth, depth, min(batch, networks - first), stream, draw)[:, -1]
            for first in range(0, networks, batch)
        ]
    )
    dead = np.isneginf(logs)
    return {
        "network": np.arange(networks),
        "log10_length": np.where(dead, np.nan, logs / np.log(10)),
        "dead": dead,
    }
