"""Measurements on the laws of both ratios (Marion et al. 2025, Figure 2)."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from claims.data import PaperData
from deepinit.resnet.bounds import probability_bounds
from deepinit.resnet.ratios_theory import log_normal_limit, mean_squared_growth
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval, quantile_interval
from study.verdicts import LEVEL, Measurement, NotTested


def _ratios(
    data: PaperData, sampler: str, column: str, figure: str = "fig2"
) -> NDArray[np.float64]:
    settings = data.settings[figure]
    if settings["depth"] < 1000 or settings["width"] != 100:
        raise NotTested("needs L = 1000 and d = 100")
    return 10 ** data.rows(figure, sampler=sampler)[f"log10_{column}_norm"].to_numpy()


def ratio_quantile(data: PaperData, sampler: str, column: str, probability: float) -> Measurement:
    """A quantile of ‖h_L‖/‖h_0‖ ("output") or ‖p_0‖/‖p_L‖ ("gradient")."""
    values = _ratios(data, sampler, column)
    return Measurement(quantile_interval(values, probability, LEVEL))


def outside_range(data: PaperData, low: float, high: float) -> Measurement:
    """Fraction of the output ratios outside [low, high]."""
    values = _ratios(data, "reduced", "output")
    outside = int(((values < low) | (values > high)).sum())
    return Measurement(
        fraction_interval(outside, len(values), LEVEL), note=f"{outside} of {len(values)} networks"
    )


def bound(data: PaperData, upper: bool) -> Measurement:
    """The theorem's bound at the δ of the settings."""
    settings = data.settings["fig2"]
    if settings["width"] != 100:
        raise NotTested("needs d = 100")
    return Measurement(
        Estimate.exactly(probability_bounds(settings["width"], settings["delta"])[upper])
    )


def within_bounds(data: PaperData, sampler: str, column: str, figure: str = "fig2") -> Measurement:
    """Fraction of networks within the theorem's bounds at the δ of figure 2."""
    settings = data.settings["fig2"]
    values = _ratios(data, sampler, column, figure)
    low, high = probability_bounds(settings["width"], settings["delta"])
    inside = int(((values > low) & (values < high)).sum())
    return Measurement(
        fraction_interval(inside, len(values), LEVEL), expected=1 - settings["delta"]
    )


def log_moment(data: PaperData, column: str, moment: str) -> Measurement:
    """Mean or standard deviation of the natural logarithm against the log-normal limit.

    The limit holds for L → ∞ at any d; at finite L both are off by 1/L times a number of order
    one.
    """
    settings = data.settings["fig2"]
    logs = np.log(_ratios(data, "reduced", column))
    limit = log_normal_limit(settings["width"])
    allowance = 1 / settings["depth"]
    if moment == "mean":
        return Measurement(mean_interval(logs, LEVEL), expected=limit.mean, allowance=allowance)
    squares = (logs - logs.mean()) ** 2 * len(logs) / (len(logs) - 1)
    variance = mean_interval(squares, LEVEL)
    return Measurement(
        Estimate(*(float(np.sqrt(part)) for part in variance)),
        expected=limit.deviation,
        allowance=allowance,
    )


def mean_square_growth(data: PaperData, sampler: str, column: str) -> Measurement:
    """Mean over networks of the squared ratio, against (1 + α²/2)^L."""
    settings = data.settings["fig2"]
    values = 10 ** (2 * data.rows("fig2", sampler=sampler)[f"log10_{column}_norm"])
    growth = mean_squared_growth(settings["depth"], settings["beta"])
    return Measurement(mean_interval(values, LEVEL), expected=float(np.exp(growth)))


def distance_of_samplers(data: PaperData, column: str, figure: str = "fig2") -> Measurement:
    """Kolmogorov–Smirnov distance of uniform (drawn) from Gaussian (reduced) weights."""
    drawn, reduced = (_ratios(data, name, column, figure) for name in ("explicit", "reduced"))
    result = stats.ks_2samp(drawn, reduced, method="asymp")
    effective = round(1 / (1 / len(drawn) + 1 / len(reduced)))
    return Measurement(
        Estimate.exactly(result.statistic),
        expected=float(stats.kstwo.isf(1 - LEVEL, effective)),
        note=f"{len(drawn)} drawn, {len(reduced)} reduced",
    )


def distance_of_gradients(data: PaperData) -> Measurement:
    """Kolmogorov–Smirnov distance of gradients from outputs, each from half of the networks."""
    outputs, gradients = (_ratios(data, "reduced", name) for name in ("output", "gradient"))
    half = len(outputs) // 2
    result = stats.ks_2samp(outputs[:half], gradients[half:], method="asymp")
    return Measurement(
        Estimate.exactly(result.statistic), expected=float(stats.kstwo.isf(1 - LEVEL, half // 2))
    )
