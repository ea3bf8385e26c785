"""Measurements for the claims of Hanin & Rolnick (2018)."""

import numpy as np
from scipy import stats

from claims.data import PaperData
from deepinit.statistics import Estimate, fraction_interval, mean_interval
from deepinit.theory.length_moments import log_factor_moments, sample_log_length
from deepinit.verdicts import LEVEL, Measurement, NotTested
from deepinit.weight_laws import WEIGHT_LAWS

_EXACT_DRAWS = 200_000


def _shift(law: str, depth: int) -> float:
    """E log10 M_d − d log10 κ for depth = width: −5/2 natural units, or −3/2 if orthogonal."""
    if law == "orthogonal":
        return -1.5 * depth / (depth + 2) / np.log(10)
    return depth * log_factor_moments(depth)[0] / np.log(10)


def growth_per_layer(data: PaperData, law: str, shallowest: int = 20) -> Measurement:
    """Slope of the mean of log10 M_d in depth, against log10 κ."""
    frame = data.rows("fig1a", law=law, dead=False)
    frame = frame[frame["depth"] >= shallowest]
    depths = frame["depth"].to_numpy(dtype=float)
    if len(np.unique(depths)) < 3:
        raise NotTested("needs three depths or more")
    shift = frame["depth"].map({depth: _shift(law, depth) for depth in frame["depth"].unique()})
    fit = stats.linregress(depths, frame["log10_length"] - shift)
    half = fit.stderr * stats.norm.ppf((1 + LEVEL) / 2)
    kappa = WEIGHT_LAWS[law].length_gain
    return Measurement(
        Estimate(float(fit.slope), float(fit.slope - half), float(fit.slope + half)),
        expected=float(np.log10(kappa)),
        note=f"κ = {kappa:.5g}; fluctuations shift log M_d by a known constant",
    )


def distance_to_exact_law(data: PaperData, law: str) -> Measurement:
    """Largest Kolmogorov–Smirnov distance between log M_d and its exact law, over depths."""
    frame = data.rows("fig1a", law=law, dead=False)
    generator = np.random.Generator(np.random.PCG64(1))
    worst, threshold, groups = 0.0, 0.0, frame.groupby("depth")
    for depth, group in groups:
        exact = sample_log_length([depth] * depth, _EXACT_DRAWS, generator) / np.log(10)
        exact = exact[np.isfinite(exact)] + depth * np.log10(WEIGHT_LAWS[law].length_gain)
        result = stats.ks_2samp(group["log10_length"], exact, method="asymp")
        worst = max(worst, float(result.statistic))
        effective = 1 / (1 / len(group) + 1 / len(exact))
        level = 1 - (1 - LEVEL) / len(groups)
        threshold = max(threshold, float(stats.kstwo.isf(1 - level, round(effective))))
    return Measurement(
        Estimate(worst, worst, worst),
        expected=threshold,
        note="published: the distance that chance exceeds once in a thousand builds",
    )


def mean_log_length(data: PaperData, law: str) -> Measurement:
    """Mean of the natural logarithm of M_d at the greatest depth, where β = Σ 1/n = 1."""
    frame = data.rows("fig1a", law=law, dead=False)
    deepest = frame[frame["depth"] == frame["depth"].max()]
    if deepest["depth"].iloc[0] < 50:
        raise NotTested("needs a depth of 50 or more")
    return Measurement(mean_interval(deepest["log10_length"] * np.log(10), LEVEL))


def variance_of_log_length(data: PaperData, law: str) -> Measurement:
    """Variance of the natural logarithm of M_d at the greatest depth."""
    frame = data.rows("fig1a", law=law, dead=False)
    deepest = frame[frame["depth"] == frame["depth"].max()]
    if deepest["depth"].iloc[0] < 50:
        raise NotTested("needs a depth of 50 or more")
    values = deepest["log10_length"].to_numpy() * np.log(10)
    squares = (values - values.mean()) ** 2 * len(values) / (len(values) - 1)
    return Measurement(mean_interval(squares, LEVEL))


def started(data: PaperData, laws: list[str], shallowest: int = 10) -> Measurement:
    """Fraction of runs that reached the target accuracy before the cap."""
    frame = data.tables["fig1b"]
    frame = frame[frame["law"].isin(laws) & (frame["depth"] >= shallowest)]
    if frame.empty:
        raise NotTested(f"needs a depth of {shallowest} or more")
    reached = int((frame["status"] == "reached").sum())
    return Measurement(
        # Inequalities are one-sided: each bound of this interval holds with 99.9 %.
        fraction_interval(reached, len(frame), 2 * LEVEL - 1),
        note=f"{reached} of {len(frame)} runs, depths {shallowest} to {frame['depth'].max()}",
    )


def chance_of_slower_start(
    data: PaperData, slow: list[str], fast: list[str], shallowest: int = 20
) -> Measurement:
    """One-sided Mann–Whitney level of `slow` needing more epochs than `fast`.

    Runs that met the cap count as the cap, which can only weaken the evidence. Depths are
    pooled; every law has as many runs at each.
    """
    frame = data.tables["fig1b"]
    frame = frame[frame["depth"] >= shallowest]
    runs = [frame[frame["law"].isin(laws)]["epochs"] for laws in (slow, fast)]
    if not len(runs[0]) or not len(runs[1]):
        raise NotTested(f"needs runs of {', '.join(slow + fast)} at depth {shallowest} or more")
    chance = float(stats.mannwhitneyu(*runs, alternative="greater").pvalue)
    medians = " and ".join(f"{run.median():g}" for run in runs)
    return Measurement(
        Estimate(chance, chance, chance),
        note=f"median epochs {medians}, depths {shallowest} to {frame['depth'].max()}",
    )
