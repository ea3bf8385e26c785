"""What the tables of this paper have in common: columns of decimal logarithms, grids, batches."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.resnet.ratios import LogRatios
from study.blocks import blocks
from study.job import Job


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
