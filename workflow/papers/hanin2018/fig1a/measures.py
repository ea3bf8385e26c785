"""Measurements on the squared length (Hanin & Rolnick 2018, Figure 1a)."""

import numpy as np
import pandas as pd
import scipy

from deepinit.dense.length_law import log_length_law
from deepinit.dense.length_moments import log_factor_mean_orthogonal, log_factor_moments
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.stats.intervals import Estimate, mean_interval
from study.figure_data import FigureData
from study.verdicts import LEVEL, SCORE, Measurement, NotTested

_SHALLOWEST = 40


def _shift(law: str, depth: int) -> float:
    """E log10 M_d − d log10 κ for depth = width, networks alive.

    Exact for Gaussian and orthogonal laws. For others the variance of one layer's factor differs
    from the Gaussian one by 2 (κ4 − 3) ‖a‖₄⁴/(n ‖a‖⁴) ≈ 12 (κ4 − 3)/n² (half of a layer's units
    are on and half-normal, n ‖a‖₄⁴/‖a‖⁴ = 6), which over n layers moves the mean of the
    logarithm by −6 (κ4 − 3)/n, to first order.
    """
    if law == "orthogonal":
        return depth * log_factor_mean_orthogonal(depth) / np.log(10)
    shift = depth * log_factor_moments(depth)[0]
    return (shift - 6 * (WEIGHT_LAWS[law].kurtosis - 3) / depth) / np.log(10)


def growth_per_layer(data: FigureData, law: str) -> Measurement:
    """Slope of the mean of log10 M_d in depth, against log10 κ.

    Shallow networks are left out: there the first-order shift of non-Gaussian laws is crude.
    """
    frame = data.rows("fig1a", law=law, dead=False)
    frame = frame[frame["depth"] >= _SHALLOWEST]
    depths = frame["depth"].to_numpy(dtype=float)
    if len(np.unique(depths)) < 3:
        raise NotTested(f"needs three depths of {_SHALLOWEST} or more")
    shift = frame["depth"].map({depth: _shift(law, depth) for depth in frame["depth"].unique()})
    fit = scipy.stats.linregress(depths, frame["log10_length"] - shift)
    kappa = WEIGHT_LAWS[law].length_gain
    return Measurement(
        Estimate.around(fit.slope, fit.stderr * SCORE),
        expected=float(np.log10(kappa)),
        note=f"κ = {kappa:.5g}; measured: log10 per layer, fluctuations corrected for",
    )


def distance_to_exact_law(data: FigureData, law: str, false_alarm: float) -> Measurement:
    """Largest Kolmogorov–Smirnov distance between log M_d and its exact distribution, over depths.

    That comes from its characteristic function (`deepinit.dense.length_law`).
    """
    frame = data.rows("fig1a", law=law, dead=False)
    worst, threshold, groups = 0.0, 0.0, frame.groupby("depth")
    for depth, group in groups:
        exact = log_length_law([depth] * depth)
        gain = depth * np.log(WEIGHT_LAWS[law].length_gain)
        logs = group["log10_length"].to_numpy() * np.log(10) - gain
        worst = max(worst, float(scipy.stats.kstest(logs, exact.cdf).statistic))
        threshold = max(
            threshold, float(scipy.stats.kstwo.isf(false_alarm / len(groups), len(group)))
        )
    if threshold > 0.1:
        raise NotTested(f"needs more networks: distances up to {threshold:.2g} could be chance")
    return Measurement(
        Estimate.exactly(worst),
        expected=threshold,
        note=f"published: the distance that chance exceeds once in {1 / false_alarm:,.0f} sets of seeds",
    )


def _deep_gaussian_logs(frame: pd.DataFrame) -> dict[int, np.ndarray]:
    """Return log M_d − d log κ of the networks of all Gaussian laws, at each depth of 50 or more."""
    gains = {name: law.length_gain for name, law in WEIGHT_LAWS.items() if law.is_gaussian}
    frame = frame[(frame["depth"] >= 50) & frame["law"].isin(gains) & ~frame["dead"]]
    if frame.empty:
        raise NotTested("needs a depth of 50 or more")
    logs = frame["log10_length"] * np.log(10) - frame["depth"] * np.log(frame["law"].map(gains))
    return {int(depth): group.to_numpy() for depth, group in logs.groupby(frame["depth"])}


def mean_log_length(table: pd.DataFrame) -> Measurement:
    """Mean of log M_d at the greatest depth, where β = Σ 1/n = 1, against its exact value."""
    logs = _deep_gaussian_logs(table)
    depth = max(logs)
    return Measurement(
        mean_interval(logs[depth], LEVEL), expected=depth * log_factor_moments(depth)[0]
    )


def variance_of_log_length(table: pd.DataFrame) -> Measurement:
    """Variance of log M_d over its exact value, where β = Σ 1/n = 1, pooled over depths."""
    ratios = [
        (values - values.mean()) ** 2
        * (len(values) / (len(values) - 1) / (depth * log_factor_moments(depth)[1]))
        for depth, values in _deep_gaussian_logs(table).items()
    ]
    return Measurement(mean_interval(np.concatenate(ratios), LEVEL), expected=1.0)
