"""Squared length after the last layer, depth = width, of one law of the weights."""

import numpy as np

from deepinit.dense.squared_length import sample_lengths
from deepinit.initialisers import WEIGHT_LAWS
from study.figure import Figure

figure = Figure(unit="initialisations")


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
    found = sample_lengths([depth] * depth, networks, stream, law=law, reduced=reduced)
    log10 = found.log10()["log10_length"][:, -1]
    dead = np.isneginf(log10)
    return {
        "network": np.arange(networks),
        "log10_length": np.where(dead, np.nan, log10),
        "dead": dead,
    }
