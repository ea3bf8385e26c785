"""Measurements on the distributions of both ratios (Marion et al. 2025, Figures 2 and 11)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from deepinit.resnet.bounds import probability_bounds
from deepinit.stats.intervals import Estimate, fraction_interval
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


def within_bounds(
    data: FigureData, s: SimpleNamespace, table: pd.DataFrame, sampler: str, column: str
) -> Measurement:
    """Fraction of networks within the theorem's bounds at the δ of figure 2."""
    fig2 = data.settings["fig2"]
    values = ratios_of(s, table, sampler, column)
    low, high = probability_bounds(fig2["width"], fig2["delta"])
    inside = int(((values > low) & (values < high)).sum())
    return Measurement(fraction_interval(inside, len(values), LEVEL), expected=1 - fig2["delta"])


def distance_of_samplers(s: SimpleNamespace, table: pd.DataFrame, column: str) -> Measurement:
    """Kolmogorov–Smirnov distance of uniform (drawn) from Gaussian (reduced) weights."""
    drawn, reduced = (ratios_of(s, table, name, column) for name in ("explicit", "reduced"))
    result = stats.ks_2samp(drawn, reduced, method="asymp")
    effective = round(1 / (1 / len(drawn) + 1 / len(reduced)))
    return Measurement(
        Estimate.exactly(result.statistic),
        expected=float(stats.kstwo.isf(1 - LEVEL, effective)),
        note=f"{len(drawn)} drawn, {len(reduced)} reduced",
    )
