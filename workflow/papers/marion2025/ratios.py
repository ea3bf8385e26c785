"""Ratios of blocks of networks as columns, and where their random streams are."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepinit.resnet.ratios import LogRatios
from study.blocks import blocks

Columns = dict[str, NDArray]


def block_address(s: SimpleNamespace, block: int, networks: int, **place: Any) -> list[Any]:
    """Return the address of a block of networks at a grid point: how many there are is no part of it."""
    return [{**place, "width": s.width}, block]


def log10_columns(*batches: LogRatios) -> Columns:
    """Return column ↦ decimal logarithm, one network after another, for the ratios that were computed.

    log10_output_norm is log10 ‖h_L‖/‖h_0‖, log10_output_change is log10 ‖h_L − h_0‖/‖h_0‖;
    log10_gradient_norm and log10_gradient_change are the same for p_0 against p_L.
    """
    return {
        f"log10_{name}": np.concatenate(
            [getattr(ratios, name).numpy(force=True).ravel() / np.log(10) for ratios in batches]
        )
        for name in ("output_norm", "output_change", "gradient_norm", "gradient_change")
        if getattr(batches[0], name) is not None
    }


def per_network(*batches: LogRatios) -> Columns:
    """Return `log10_columns` after a column with the number of each network in its block."""
    columns = log10_columns(*batches)
    return {"network": np.arange(len(columns["log10_output_norm"])), **columns}


def in_batches(
    networks: int,
    size: int,
    ratios_of: Callable[[int], LogRatios],
    progress: Callable[[int, int], None],
) -> Iterator[LogRatios]:
    """Yield the ratios of `networks` networks, `size` at a time; `ratios_of` takes their number."""
    for batch, count in blocks(networks, size):
        yield ratios_of(count)
        progress(batch * size + count, networks)
