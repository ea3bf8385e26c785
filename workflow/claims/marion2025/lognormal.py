"""Measurements on the approach to the log-normal limit (Marion et al. 2025)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from claims.data import PaperData
from deepinit.resnet.finite_depth import (
    correlation_of_ratios,
    distance_to_limit,
    log_ratio_cumulants,
)
from deepinit.resnet.ratios_theory import log_normal_limit
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

# Theory is to first order in 1/L (or 1/d); the next order is a number of order one over L (or d) times it.
_NEXT_ORDER = 3.0


def _samples(data: PaperData) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield (width, depth, log ‖h_L‖/‖h_0‖) of every point of the fast sampler."""
    frame = data.rows("lognormal", sampler="lengths")
    for (width, depth), rows in frame.groupby(["width", "depth"]):
        yield int(width), int(depth), rows["log10_output_norm"].to_numpy() * np.log(10)


def _deepest(data: PaperData) -> tuple[int, int, NDArray[np.float64]]:
    width, depth, logs = max(_samples(data), key=lambda sample: sample[1::-1])
    if depth < 1000 or len(logs) < 2000:
        raise NotTested("needs L = 1000 or more, and 2000 networks")
    return width, depth, logs


def largest_discrepancy(data: PaperData, moment: str) -> Measurement:
    """Largest difference to theory (order 1/L) of mean or variance, in standard errors.

    A difference within the next order in 1/L counts as none.
    """
    scores, first_orders = [], []
    for width, depth, logs in _samples(data):
        theory, limit = log_ratio_cumulants(depth, width), log_normal_limit(width)
        if moment == "mean":
            values, expected, at_infinity = logs, theory.mean, limit.mean
        else:
            values = (logs - logs.mean()) ** 2
            expected, at_infinity = theory.variance, limit.deviation**2
        slack = _NEXT_ORDER / depth * abs(expected - at_infinity)
        off = max(0.0, abs(values.mean() - expected) - slack)
        scores.append(off / stats.sem(values))
        first_orders.append(abs(expected - at_infinity) / stats.sem(values))
    threshold = stats.norm.isf((1 - LEVEL) / (2 * len(scores)))
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


def deepest_moment(data: PaperData, moment: str) -> Measurement:
    """Mean, standard deviation or skewness of the logarithm, deepest networks, against the limit.

    Allowance: what the limit is off by at this depth, by the theory of order 1/L.
    """
    width, depth, logs = _deepest(data)
    theory, limit = log_ratio_cumulants(depth, width), log_normal_limit(width)
    note = f"d = {width}, L = {depth}, {len(logs)} networks"
    if moment == "mean":
        return Measurement(
            mean_interval(logs, LEVEL),
            expected=limit.mean,
            allowance=abs(theory.mean - limit.mean),
            note=note,
        )
    if moment == "sd":
        return Measurement(
            bootstrap(logs, lambda sample: float(sample.std()), LEVEL),
            expected=limit.deviation,
            allowance=abs(theory.variance**0.5 - limit.deviation),
            note=note,
        )
    return Measurement(
        bootstrap(logs, _skewness, LEVEL),
        expected=0.0,
        allowance=abs(theory.skewness),
        note=note,
    )


def deepest_distance(data: PaperData) -> Measurement:
    """Kolmogorov–Smirnov distance of the deepest networks from the log-normal limit.

    Compared with what a sample of this size keeps to its own law (99.9 %), plus the derived
    distance of that law from the limit.
    """
    width, depth, logs = _deepest(data)
    limit = log_normal_limit(width)
    found = stats.kstest((logs - limit.mean) / limit.deviation, stats.norm.cdf).statistic
    noise, own = stats.kstwo.isf(1 - LEVEL, len(logs)), distance_to_limit(depth, width)
    return Measurement(
        Estimate.exactly(found),
        expected=float(noise + own),
        note=f"d = {width}, L = {depth}, {len(logs)} networks; derived distance {own:.2g}",
    )


def distances(data: PaperData) -> Measurement:
    """Largest difference of a point's distance from the limit to the derived one.

    In units of what chance and the next order in 1/L allow (99.9 % for all points together).
    """
    scores = []
    for width, depth, logs in _samples(data):
        limit = log_normal_limit(width)
        found = stats.kstest((logs - limit.mean) / limit.deviation, stats.norm.cdf).statistic
        own = distance_to_limit(depth, width)
        scores.append((abs(found - own), own * _NEXT_ORDER / depth, len(logs)))
    level = (1 - LEVEL) / len(scores)
    shares = [off / (slack + stats.kstwo.isf(level, count)) for off, slack, count in scores]
    return Measurement(Estimate.exactly(max(shares)), expected=1.0)


def correlation(data: PaperData, figure: str, against_theory: bool = True) -> Measurement:
    """Correlation of the logarithms of both ratios (Fisher's interval), against 3/(2d).

    The expected value is to leading order in 1/d: allowance 3/d².
    """
    if figure == "fig2":
        settings = data.settings["fig2"]
        rows, width, depth = (
            data.rows("fig2", sampler="reduced"),
            settings["width"],
            settings["depth"],
        )
    else:
        rows = data.rows("lognormal", sampler="joint")
        width, depth = int(rows["width"].iloc[0]), int(rows["depth"].iloc[0])
    if len(rows) < 2000:
        raise NotTested("needs 2000 networks or more")
    found = stats.pearsonr(rows["log10_output_norm"], rows["log10_gradient_norm"])
    interval = found.confidence_interval(LEVEL)
    return Measurement(
        Estimate(float(found.statistic), float(interval.low), float(interval.high)),
        expected=correlation_of_ratios(width) if against_theory else None,
        allowance=_NEXT_ORDER / width**2,
        note=f"d = {width}, L = {depth}, {len(rows)} networks",
    )
