"""Measurements on the distributions of both ratios, iid weights (Marion et al. 2025, Figure 2)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from deepinit.resnet.ratios_theory import log_mean_squared_growth, log_normal_limit
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval, quantile_interval
from deepinit.stats.scores import normal_score, normal_tail
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
    chance = 2 * normal_tail(off / both * SCORE)
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
    return Measurement(
        mean_interval(squares, LEVEL).map(np.sqrt),
        expected=limit.deviation,
        allowance=allowance,
    )


def mean_square_growth(
    s: SimpleNamespace, table: pd.DataFrame, sampler: str, column: str
) -> Measurement:
    """Mean over networks of the squared ratio, against (1 + α²/2)^L."""
    values = 10 ** (2 * rows_where(table, sampler=sampler)[f"log10_{column}_norm"])
    growth = log_mean_squared_growth(s.depth, s.beta)
    return Measurement(mean_interval(values, LEVEL), expected=float(np.exp(growth)))


def _largest_difference(first: NDArray[np.float64], second: NDArray[np.float64]) -> Measurement:
    """Larger of the differences in mean and in ln sd of two samples of logarithms, as a normal score.

    ln s of n numbers of kurtosis κ has the variance (κ − 1)/(4n). Expected: the 99.9 % quantile of the larger
    one if both have the same law (Bonferroni). Ratios are nearly log-normal, so that these two say all.
    """
    samples = (first, second)
    means = np.hypot(*(scipy.stats.sem(sample) for sample in samples))
    sds = np.hypot(
        *(
            np.sqrt((scipy.stats.kurtosis(sample, fisher=False) - 1) / (4 * len(sample)))
            for sample in samples
        )
    )
    scores = [
        abs(first.mean() - second.mean()) / means,
        abs(np.log(first.std(ddof=1) / second.std(ddof=1))) / sds,
    ]
    threshold = float(normal_score((1 - LEVEL) / 4))
    return Measurement(
        Estimate.exactly(float(max(scores))),
        expected=threshold,
        note=f"{len(first)} and {len(second)} networks; measured: the larger difference, of the means or of "
        "the standard deviations of the logarithms, as a standard normal score; published: its 99.9 % "
        f"quantile, at which ratios that differ by {100 * np.expm1(threshold * means):.2g} % and standard "
        f"deviations that differ by {100 * np.expm1(threshold * sds):.2g} % would show",
    )


def difference_of_gradients(s: SimpleNamespace, table: pd.DataFrame) -> Measurement:
    """Difference of gradients from outputs, each from half of the networks."""
    outputs, gradients = (
        np.log(ratios_of(s, table, "reduced", name)) for name in ("output", "gradient")
    )
    half = len(outputs) // 2
    return _largest_difference(outputs[:half], gradients[half:])


def difference_of_samplers(s: SimpleNamespace, table: pd.DataFrame) -> Measurement:
    """Difference of outputs with uniform (drawn) weights from those with Gaussian (reduced) ones."""
    drawn, reduced = (
        np.log(ratios_of(s, table, name, "output")) for name in ("explicit", "reduced")
    )
    return _largest_difference(drawn, reduced)
