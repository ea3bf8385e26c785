"""Measurements on the distributions of both ratios, iid weights (Marion et al. 2025, Figure 2)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy import stats

from deepinit.resnet.ratios_theory import log_normal_limit, mean_squared_growth
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval, quantile_interval
from papers.marion2025.histogram_measures import ratios_of
from study.figure_data import rows_where
from study.verdicts import LEVEL, SCORE, Measurement

#: Networks behind a published quartile.
NETWORKS = 10_000


def ratio_quantile(
    s: SimpleNamespace,
    table: pd.DataFrame,
    probability: float,
    printed: float,
    half_a_digit: float,
) -> Measurement:
    """A quantile of ‖h_L‖/‖h_0‖; slack: what that of 10,000 other networks is off by beside ours.

    The two errors together are as large as ours times √(1 + n/10,000), n networks being ours.
    """
    values = ratios_of(s, table, "lengths", "output")
    found = quantile_interval(values, probability, LEVEL)
    both = found.half_width * np.sqrt(1 + len(values) / NETWORKS)
    off = max(0.0, abs(found.value - printed) - half_a_digit)
    chance = 2 * stats.norm.sf(off / both * SCORE)
    return Measurement(
        found,
        slack=float(both - found.half_width),
        note=f"{len(values)} networks; of 10,000 others one this far off has p = {chance:.2g}",
    )


def outside_range(s: SimpleNamespace, table: pd.DataFrame, low: float, high: float) -> Measurement:
    """Fraction of the output ratios outside [low, high].

    Expected: that of which none among 10,000 is seen once in a thousand times.
    """
    values = ratios_of(s, table, "lengths", "output")
    outside = int(((values < low) | (values > high)).sum())
    found = fraction_interval(outside, len(values), LEVEL)
    return Measurement(
        found,
        expected=float(1 - (1 - LEVEL) ** (1 / NETWORKS)),
        note=f"{outside} of {len(values)} networks; of 10,000 none is outside with probability "
        f"{(1 - found.value) ** NETWORKS:.2g}",
    )


def lower_bound(s: SimpleNamespace, upper: float, reading_error: float) -> Measurement:
    """The lower bound at the δ for which the upper one is that which is drawn.

    With c = dδ and u the upper bound, √(10/c) = 2 ln u − 1, and ln of the lower one is
    3/16 − √(22/c)/2 = 3/16 − √2.2 (ln u − ½) (derived here from both forms, for ratios of lengths); slack:
    what u may be misread by.
    """
    low, value, high = (
        float(np.exp(3 / 16 - np.sqrt(2.2) * (np.log(upper + error) - 0.5)))
        for error in (reading_error, 0.0, -reading_error)
    )
    delta = 10 / (s.width * (2 * np.log(upper) - 1) ** 2)
    return Measurement(
        Estimate.exactly(value),
        slack=max(high - value, value - low),
        note=f"δ = {delta:.3f} at d = {s.width}",
    )


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


def _would_show(distance: float) -> str:
    """Return which differences of two normal distributions have a Kolmogorov–Smirnov distance.

    Means δ standard deviations apart are at 2 Φ(δ/2) − 1; standard deviations of ratio r are, to first
    order in ln r, at φ(1) ln r.
    """
    shift = 2 * stats.norm.ppf((1 + distance) / 2)
    stretch = np.expm1(distance / stats.norm.pdf(1))
    return f"means {shift:.2g} sd apart, or sds that differ by {100 * stretch:.0f} %, would show"


def distance_of_gradients(s: SimpleNamespace, table: pd.DataFrame) -> Measurement:
    """Kolmogorov–Smirnov distance of gradients from outputs, each from half of the networks."""
    outputs, gradients = (ratios_of(s, table, "reduced", name) for name in ("output", "gradient"))
    half = len(outputs) // 2
    result = stats.ks_2samp(outputs[:half], gradients[half:], method="asymp")
    threshold = float(stats.kstwo.isf(1 - LEVEL, half // 2))
    return Measurement(
        Estimate.exactly(result.statistic), expected=threshold, note=_would_show(threshold)
    )


def distance_of_samplers(s: SimpleNamespace, table: pd.DataFrame, column: str) -> Measurement:
    """Kolmogorov–Smirnov distance of uniform (drawn) from Gaussian (reduced) weights."""
    drawn, reduced = (ratios_of(s, table, name, column) for name in ("explicit", "reduced"))
    result = stats.ks_2samp(drawn, reduced, method="asymp")
    effective = round(1 / (1 / len(drawn) + 1 / len(reduced)))
    threshold = float(stats.kstwo.isf(1 - LEVEL, effective))
    return Measurement(
        Estimate.exactly(result.statistic),
        expected=threshold,
        note=f"{len(drawn)} drawn, {len(reduced)} reduced; {_would_show(threshold)}",
    )
