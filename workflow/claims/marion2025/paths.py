"""Measurements on paths of fractional Brownian motion (Marion et al. 2025, Figure 6)."""

import numpy as np

from claims.data import PaperData
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested


def variance_at_one(data: PaperData, hurst: float) -> Measurement:
    """Mean over paths of B(1)²; the mean of B(1) is zero.

    Raises:
        NotTested: fewer than 200 paths.
    """
    steps = data.settings["fig6"]["steps"]
    rows = data.rows("fig6", hurst=hurst, quantity="position", step=steps)
    if len(rows) < 200:
        raise NotTested("needs 200 paths or more")
    return Measurement(mean_interval(rows["value"] ** 2, LEVEL), note=f"{len(rows)} paths")


def hurst_index(data: PaperData, hurst: float) -> Measurement:
    """Half of the log-log slope in the lag of E(B(t + lag) − B(t))², paths resampled.

    Raises:
        NotTested: fewer than 200 paths.
    """
    rows = data.rows("fig6", hurst=hurst, quantity="mean_squared_increment")
    squares = rows.pivot(index="path", columns="step", values="value")
    if len(squares) < 200:
        raise NotTested("needs 200 paths or more")
    lags = np.log(squares.columns.to_numpy(dtype=float))

    def slope(sample: np.ndarray) -> float:
        return 0.5 * np.polyfit(lags, np.log(sample.mean(axis=0)), 1)[0]

    index = bootstrap(squares.to_numpy(), slope, LEVEL, resamples=10_000)
    return Measurement(Estimate(*index), note=f"lags 1 to {squares.columns.max()}")
