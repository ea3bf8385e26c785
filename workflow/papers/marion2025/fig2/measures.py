"""Measurements on the distributions of both ratios, iid weights (Marion et al. 2025, Figure 2)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy import stats

from deepinit.resnet.bounds import probability_bounds
from deepinit.resnet.ratios_theory import log_normal_limit, mean_squared_growth
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval, quantile_interval
from papers.marion2025.histogram_measures import ratios_of
from study.figure_data import rows_where
from study.verdicts import LEVEL, Measurement, NotTested


def ratio_quantile(
    s: SimpleNamespace, table: pd.DataFrame, sampler: str, column: str, probability: float
) -> Measurement:
    """A quantile of ‖h_L‖/‖h_0‖ ("output") or ‖p_0‖/‖p_L‖ ("gradient")."""
    values = ratios_of(s, table, sampler, column)
    return Measurement(quantile_interval(values, probability, LEVEL))


def outside_range(s: SimpleNamespace, table: pd.DataFrame, low: float, high: float) -> Measurement:
    """Fraction of the output ratios outside [low, high]."""
    values = ratios_of(s, table, "reduced", "output")
    outside = int(((values < low) | (values > high)).sum())
    return Measurement(
        fraction_interval(outside, len(values), LEVEL), note=f"{outside} of {len(values)} networks"
    )


def bound(s: SimpleNamespace, upper: bool) -> Measurement:
    """The theorem's bound at the δ of the settings."""
    if s.width != 100:
        raise NotTested("needs d = 100")
    return Measurement(Estimate.exactly(probability_bounds(s.width, s.delta)[upper]))


def log_moment(s: SimpleNamespace, table: pd.DataFrame, column: str, moment: str) -> Measurement:
    """Mean or standard deviation of the natural logarithm against the log-normal limit.

    The limit holds for L → ∞ at any d; at finite L both are off by 1/L times a number of order
    one.
    """
    logs = np.log(ratios_of(s, table, "reduced", column))
    limit = log_normal_limit(s.width)
    allowance = 1 / s.depth
    if moment == "mean":
        return Measurement(mean_interval(logs, LEVEL), expected=limit.mean, allowance=allowance)
    squares = (logs - logs.mean()) ** 2 * len(logs) / (len(logs) - 1)
    variance = mean_interval(squares, LEVEL)
    return Measurement(
        Estimate(*(float(np.sqrt(part)) for part in variance)),
        expected=limit.deviation,
        allowance=allowance,
    )


def mean_square_growth(
    s: SimpleNamespace, table: pd.DataFrame, sampler: str, column: str
) -> Measurement:
    """Mean over networks of the squared ratio, against (1 + α²/2)^L."""
    values = 10 ** (2 * rows_where(table, sampler=sampler)[f"log10_{column}_norm"])
    growth = mean_squared_growth(s.depth, s.beta)
    return Measurement(mean_interval(values, LEVEL), expected=float(np.exp(growth)))


def distance_of_gradients(s: SimpleNamespace, table: pd.DataFrame) -> Measurement:
    """Kolmogorov–Smirnov distance of gradients from outputs, each from half of the networks."""
    outputs, gradients = (ratios_of(s, table, "reduced", name) for name in ("output", "gradient"))
    half = len(outputs) // 2
    result = stats.ks_2samp(outputs[:half], gradients[half:], method="asymp")
    return Measurement(
        Estimate.exactly(result.statistic), expected=float(stats.kstwo.isf(1 - LEVEL, half // 2))
    )
