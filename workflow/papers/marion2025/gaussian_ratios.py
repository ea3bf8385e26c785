"""Ratios of networks with Gaussian iid weights, as columns of a table, from two samplers."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from papers.marion2025.ratios import output_ratios, per_network


def gaussian_ratios(
    sampler: str,
    width: int,
    depth: int,
    beta: float,
    networks: int,
    seeds: np.random.SeedSequence,
    streams: Callable,
) -> pd.DataFrame:
    """Return decimal logarithms of both ratios of outputs and of gradients, one row per network.

    The sampler "lengths" draws from `seeds` and needs no tensors; it has no gradients. "joint" draws
    from the stream at (sampler, width, depth, β) and has. `unmoved` marks networks without any
    active unit: they have no log10_output_change, and no gradient's change either.
    """
    if sampler == "lengths":
        found = output_ratios(depth, width, beta, networks, seeds)
    else:
        # Imported here, because outputs alone need no torch, which takes longer to load than to use.
        from deepinit.resnet.ratios_without_weights import independent_gaussian_weights

        stream = streams({"sampler": sampler, "width": width, "depth": depth, "beta": beta})
        found = per_network(independent_gaussian_weights(depth, width, beta, networks, stream))
    unmoved = np.isneginf(found["log10_output_change"])
    return pd.DataFrame(
        {
            "network": found["network"],
            "log10_output_norm": found["log10_output_norm"],
            "log10_output_change": np.where(unmoved, np.nan, found["log10_output_change"]),
            "unmoved": unmoved,
            "log10_gradient_norm": found["log10_gradient_norm"],
            "log10_gradient_change": np.where(unmoved, np.nan, found["log10_gradient_change"]),
        }
    )
