"""Measurements on the rates of convergence in depth (Marion et al. 2025)."""

import numpy as np
import pandas as pd

from deepinit.resnet.strong_convergence_theory import limit_correction, mean_square_error
from deepinit.stats.intervals import bootstrap
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

_FROM = 32
_RESAMPLES = 10_000


def _squares(data: FigureData, law: str, width: int) -> pd.DataFrame:
    """Return squared errors against the limit, one row per network, a column a depth of 32 or more.

    Networks are the replicates: their depths share one path of weights.
    """
    rows = data.rows("limits", law=law, width=width)
    rows = rows[rows["depth"] >= _FROM]
    if rows["depth"].nunique() < 3 or rows["network"].nunique() < 20:
        raise NotTested(f"needs three depths of {_FROM} or more, and twenty networks")
    correction = limit_correction(rows["depth"], int(rows["reference"].iloc[0]), law)
    rows = rows.assign(square=10 ** (2 * rows["log10_error"]) * correction**2)
    return rows.pivot(index="network", columns="depth", values="square")


def slope_in_depth(data: FigureData, law: str, width: int) -> Measurement:
    """Slope in log-log of the root mean square error in depth, networks resampled.

    Corrections to the leading power: a share of 0.081/√L of the root with iid weights (see
    `strong_convergence_theory`), of order 1/L with smooth ones. The slope may be off by 1/L, more than either
    changes it by.
    """
    squares = _squares(data, law, width)
    depths = np.log(squares.columns.to_numpy(dtype=float))

    def slope(sample: np.ndarray) -> float:
        return 0.5 * np.polyfit(depths, np.log(sample.mean(axis=0)), 1)[0]

    values = squares.to_numpy()
    median = np.median(values, axis=0, keepdims=True)
    return Measurement(
        bootstrap(values, slope, LEVEL, _RESAMPLES),
        allowance=1 / squares.columns.min(),
        note=f"L = {squares.columns.min()} to {squares.columns.max()}, {len(squares)} networks; "
        f"slope of the median {slope(median):.4f}",
    )


def constant(data: FigureData, width: int) -> Measurement:
    """Root mean square error over its value for d → ∞, iid weights; off by a share of order 1/d."""
    squares = _squares(data, "independent", width)
    expected = mean_square_error(squares.columns.to_numpy())
    relative = (squares / expected).mean(axis=1).to_numpy()

    def root(sample: np.ndarray) -> float:
        return float(np.sqrt(sample.mean()))

    estimate = bootstrap(relative, root, LEVEL, _RESAMPLES)
    return Measurement(estimate, expected=1.0, allowance=1 / width)
