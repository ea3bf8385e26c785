"""Ratios of blocks of networks as columns, and where their random streams are."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.output_ratios import residual_lengths

Columns = dict[str, NDArray]


def block_address(s: SimpleNamespace, block: int, networks: int, **place: Any) -> list[Any]:
    """Return the address of a block of networks at a grid point: how many there are is no part of it."""
    return [{**place, "width": s.width}, block]


def per_network(ratios: LogRatios) -> Columns:
    """Return the decimal logarithms after a column with the number of each network in its block."""
    columns = ratios.log10()
    return {"network": np.arange(len(columns["log10_output_norm"])), **columns}


def output_ratios(
    depth: int, width: int, beta: float, networks: int, seeds: np.random.SeedSequence
) -> Columns:
    """Return the same from the sampler of outputs alone; the ratios of gradients are NaN."""
    generator = np.random.Generator(np.random.SFC64(seeds))
    found = per_network(residual_lengths(depth, width, beta, networks, generator))
    return found | dict.fromkeys(("log10_gradient_norm", "log10_gradient_change"), np.nan)
