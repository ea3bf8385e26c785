"""Measurements on the approach to the log-normal limit (Marion et al. 2025)."""

import numpy as np
import scipy
from numpy.typing import NDArray

from deepinit.resnet.finite_depth import (
    correlation_of_ratios,
    distance_to_limit,
    log_ratio_cumulants,
)
from deepinit.resnet.ratios_theory import log_normal_limit
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from deepinit.stats.scores import normal_score
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

# Theory is to first order in 1/L (or 1/d); the next order is a number of order one over L (or d) times it.
_NEXT_ORDER = 3.0

#: (width, depth) ↦ log ‖h_L‖/‖h_0‖ of the networks of the fast sampler.
Logs = dict[tuple[int, int], NDArray[np.float64]]


def standardised(logs: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the logarithms minus the mean of the limit, over its standard deviation."""
    limit = log_normal_limit(width)
    return (logs - limit.mean) / limit.deviation


def distance(logs: NDArray[np.float64], width: int) -> float:
    """Return the Kolmogorov–Smirnov distance of the logarithms from their limit."""
    return scipy.stats.kstest(standardised(logs, width), scipy.stats.norm.cdf).statistic


def _deepest(logs: Logs) -> tuple[int, int, NDArray[np.float64]]:
    width, depth = max(logs, key=lambda place: place[::-1])
    found = logs[width, depth]
    if depth < 1000 or len(found) < 2000:
        raise NotTested("needs L = 1000 or more, and 2000 networks")
    return width, depth, found


def largest_discrepancy(logs: Logs, moment: str) -> Measurement:
    """Largest difference to theory (order 1/L) of mean or variance, in standard errors.

    A difference within the next order in 1/L counts as none.
    """
    scores, first_orders = [], []
    for (width, depth), found in logs.items():
        theory, limit = log_ratio_cumulants(depth, width), log_normal_limit(width)
        if moment == "mean":
            values, expected, at_infinity = found, theory.mean, limit.mean
        else:
            values = (found - found.mean()) ** 2
            expected, at_infinity = theory.variance, limit.deviation**2
        slack = _NEXT_ORDER / depth * abs(expected - at_infinity)
        off = max(0.0, abs(values.mean() - expected) - slack)
        scores.append(off / scipy.stats.sem(values))
        first_orders.append(abs(expected - at_infinity) / scipy.stats.sem(values))
    threshold = normal_score((1 - LEVEL) / (2 * len(scores)))
    return Measurement(
        Estimate.exactly(max(scores)),
        expected=float(threshold),
        note=f"{len(scores)} combinations of d and L; the terms in 1/L are up to "
        f"{max(first_orders):.0f} standard errors",
    )


def _skewness(sample: NDArray[np.float64]) -> float:
    """Return the third standardised moment; scipy's takes ten times as long, and resamples are many."""
    off = sample - sample.mean()
    square = off * off
    return float((square * off).mean() / square.mean() ** 1.5)


def deepest_moment(logs: Logs, moment: str) -> Measurement:
    """Mean, standard deviation or skewness of the logarithm, deepest networks, against the limit.

    Allowance: what the limit is off by at this depth, by the theory of order 1/L.
    """
    width, depth, found = _deepest(logs)
    theory, limit = log_ratio_cumulants(depth, width), log_normal_limit(width)
    if moment == "mean":
        estimate, at_depth, expected = mean_interval(found, LEVEL), theory.mean, limit.mean
    elif moment == "sd":
        estimate = bootstrap(found, lambda sample: float(sample.std()), LEVEL)
        at_depth, expected = theory.variance**0.5, limit.deviation
    else:
        estimate, at_depth, expected = bootstrap(found, _skewness, LEVEL), theory.skewness, 0.0
    return Measurement(
        estimate,
        expected=expected,
        allowance=abs(at_depth - expected),
        note=f"d = {width}, L = {depth}, {len(found)} networks",
    )


def deepest_distance(logs: Logs) -> Measurement:
    """Kolmogorov–Smirnov distance of the deepest networks from the log-normal limit.

    Compared with what a sample of this size keeps to its own law (99.9 %), plus the derived
    distance of that law from the limit.
    """
    width, depth, found = _deepest(logs)
    noise, own = scipy.stats.kstwo.isf(1 - LEVEL, len(found)), distance_to_limit(depth, width)
    return Measurement(
        Estimate.exactly(distance(found, width)),
        expected=float(noise + own),
        note=f"d = {width}, L = {depth}, {len(found)} networks; derived distance {own:.2g}",
    )


def distances(logs: Logs) -> Measurement:
    """Largest difference of a point's distance from the limit to the derived one.

    In units of what chance and the next order in 1/L allow (99.9 % for all points together).
    """
    level, shares = (1 - LEVEL) / len(logs), []
    for (width, depth), found in logs.items():
        own = distance_to_limit(depth, width)
        allowed = own * _NEXT_ORDER / depth + scipy.stats.kstwo.isf(level, len(found))
        shares.append(abs(distance(found, width) - own) / allowed)
    return Measurement(Estimate.exactly(max(shares)), expected=1.0)


def correlation(data: FigureData, figure: str, against_theory: bool = True) -> Measurement:
    """Correlation of the logarithms of both ratios (Fisher's interval), against 3/(2d).

    The expected value is to leading order in 1/d: allowance 3/d². Without `against_theory`, its size.
    """
    s = data.settings[figure]
    if figure == "fig2":
        rows, width, depth = data.rows("fig2", sampler="reduced"), s["width"], s["depth"]
    else:
        rows = data.rows("lognormal", sampler="joint")
        width, depth = s["joint_width"], s["joint_depth"]
    if len(rows) < 2000:
        raise NotTested("needs 2000 networks or more")
    found = scipy.stats.pearsonr(rows["log10_output_norm"], rows["log10_gradient_norm"])
    value, (low, high) = found.statistic, found.confidence_interval(LEVEL)
    if not against_theory:
        value, low, high = abs(value), max(low, -high, 0.0), max(high, -low)
    return Measurement(
        Estimate(float(value), float(low), float(high)),
        expected=correlation_of_ratios(width) if against_theory else None,
        allowance=_NEXT_ORDER / width**2,
        note=f"d = {width}, L = {depth}, {len(rows)} networks",
    )
