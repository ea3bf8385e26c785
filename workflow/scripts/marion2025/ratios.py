"""What the tables of this paper have in common: columns of decimal logarithms, grids, batches."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.random import RandomStream
from deepinit.resnet.ratios import LogRatios
from study.blocks import blocks
from study.job import Job
from study.streams import random_stream


def log10_columns(ratios: LogRatios) -> dict[str, NDArray[np.float64]]:
    """Return column name ↦ decimal logarithm, flattened, for the ratios that were computed.

    log10_output_norm is log10 ‖h_L‖/‖h_0‖, log10_output_change is log10 ‖h_L − h_0‖/‖h_0‖;
    log10_gradient_norm and log10_gradient_change are the same for p_0 against p_L.
    """
    return {
        f"log10_{name}": getattr(ratios, name).cpu().numpy().ravel() / np.log(10)
        for name in ("output_norm", "output_change", "gradient_norm", "gradient_change")
        if getattr(ratios, name) is not None
    }


def write_grid(
    job: Job,
    places: list[dict[str, Any]],
    ratios_at: Callable[[dict[str, Any], RandomStream], LogRatios],
) -> None:
    """Write one row a grid point and network of the job's block, `ratios_at` giving the ratios.

    Args:
        places: column ↦ value of each grid point; with the width they are its stream's address.
    """
    spec, frames = job.spec, []
    progress = job.progress("points")
    for done, place in enumerate(places):
        stream = random_stream(job, {**place, "width": spec["width"]}, spec["block"])
        columns = log10_columns(ratios_at(place, stream))
        networks = {"block": spec["block"], "network": np.arange(spec["networks"])}
        frames.append(pd.DataFrame({**place, **networks, **columns}))
        progress(done + 1, len(places))
    job.write_table(pd.concat(frames, ignore_index=True))


def write_samples(job: Job, ratios: Iterable[LogRatios]) -> None:
    """Write one row a network of the job's block and sampler; `ratios` of one batch after another."""
    parts = [log10_columns(batch) for batch in ratios]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    place = {"sampler": job.spec["sampler"], "block": job.spec["block"]}
    networks = np.arange(job.spec["networks"])
    job.write_table(pd.DataFrame({**place, "network": networks, **columns}))


def in_batches(
    networks: int,
    size: int,
    ratios_of: Callable[[int], LogRatios],
    progress: Callable[[int, int], None],
) -> Iterable[LogRatios]:
    """Yield the ratios of `networks` networks, `size` at a time; `ratios_of` takes their number."""
    for batch, count in blocks(networks, size):
        yield ratios_of(count)
        progress(batch * size + count, networks)
