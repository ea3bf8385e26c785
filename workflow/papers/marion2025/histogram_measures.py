"""Measurements on the distributions of both ratios (Marion et al. 2025, Figures 2 and 11)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.resnet.bounds import probability_bounds
from deepinit.stats.intervals import quantile_interval
from papers.marion2025.looseness import bound_over, least
from study.figure_data import FigureData, rows_where
from study.verdicts import LEVEL, Measurement, NotTested


def ratios_of(
    s: SimpleNamespace, table: pd.DataFrame, sampler: str, column: str
) -> NDArray[np.float64]:
    """Return ‖h_L‖/‖h_0‖ ("output") or ‖p_0‖/‖p_L‖ ("gradient") of all networks of a sampler.

    Raises:
        NotTested: they are not of the published size.
    """
    if s.depth < 1000 or s.width != 100:
        raise NotTested("needs L = 1000 and d = 100")
    return 10 ** rows_where(table, sampler=sampler)[f"log10_{column}_norm"].to_numpy()


def bounds_over_quantiles(
    data: FigureData, s: SimpleNamespace, table: pd.DataFrame, columns: list[str]
) -> Measurement:
    """Least distance of the bounds that Figure 2 draws from the quantiles δ/2 and 1 − δ/2, as a factor.

    At the δ of figure 2, reduced sampler; intervals at LEVEL for all together (Bonferroni).
    """
    fig2 = data.settings["fig2"]
    delta = fig2["delta"]
    low, high = probability_bounds(fig2["width"], delta)
    level, found = 1 - (1 - LEVEL) / (2 * len(columns)), {}
    for column in columns:
        values = ratios_of(s, table, "reduced", column)
        below, above = (quantile_interval(values, p, level) for p in (delta / 2, 1 - delta / 2))
        found[f"{column}s, below"] = below.map(lambda part: part / low)
        found[f"{column}s, above"] = bound_over(high, above)
    estimate, place = least(found)
    return Measurement(
        estimate,
        note=f"measured: the bound over the quantile that it bounds, least for {place}",
    )
