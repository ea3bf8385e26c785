"""Measurements on the empirical variance over layers, failure mode 2 (Hanin & Rolnick 2018)."""

import numpy as np
import pandas as pd
import scipy

from deepinit.dense.empirical_variance_theory import log_mean_of_fully_connected, wide_limit
from deepinit.stats.intervals import (
    Estimate,
    mean_interval,
    quantile_interval,
)
from deepinit.stats.log_means import log_mean, sum_of_log_means
from deepinit.stats.scores import normal_score
from deepinit.widths import WIDTH_PATTERNS
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

_FEWEST = 500


def _relative(rows: pd.DataFrame) -> np.ndarray:
    """Return V̂ over the exact E V̂ of each network, V̂ = 0 included."""
    ratio = 10 ** (rows["log10_variance"] - rows["exact_log10_mean"])
    return ratio.where(~rows["flat"], 0.0).to_numpy()


def _logs(rows: pd.DataFrame) -> np.ndarray:
    """Return ln V̂ of each network, −∞ for V̂ = 0."""
    return np.log(10) * rows["log10_variance"].fillna(-np.inf).to_numpy()


def closed_form(data: FigureData, false_alarm: float) -> Measurement:
    """Largest standard score of the weighted mean of V̂ against E V̂, over patterns and depths.

    Raises:
        NotTested: fewer than 500 networks per point, where scores are not normal yet.
    """
    rows = data.rows("empirical_variance", sampler="tilted")
    groups = rows.groupby(["pattern", "depth"])
    if groups.size().min() < _FEWEST:
        raise NotTested(f"needs {_FEWEST} weighted networks per point")
    worst = max(
        abs((_relative(group).mean() - 1) / scipy.stats.sem(_relative(group)))
        for _, group in groups
    )
    return Measurement(
        Estimate.exactly(float(worst)),
        expected=float(normal_score(false_alarm / len(groups) / 2)),
        note=f"largest score of {len(groups)} points; published: the score that chance exceeds once in "
        f"{1 / false_alarm:,.0f} sets of seeds",
    )


def rise_of_exponent(data: FigureData, pattern: str, least_beta: float) -> Measurement:
    """Slope of ln E V̂ in β over the second half of the depths with β ≥ `least_beta`, less the first's.

    Each depth has networks of its own.
    """
    rows = data.rows("empirical_variance", pattern=pattern, sampler="tilted")
    rows = rows[rows["beta"] >= least_beta]
    betas = np.sort(rows["beta"].unique())
    if len(betas) < 3:
        raise NotTested(f"needs three depths of '{pattern}' with β of {least_beta:g} or more")
    places = betas[[0, len(betas) // 2, -1]]
    first, second = 1 / np.diff(places)
    terms = zip(places, (first, -first - second, second), strict=True)
    rise = sum_of_log_means(
        *((_logs(rows[rows["beta"] == beta]), weight) for beta, weight in terms), level=LEVEL
    )
    exact = np.log(10) * rows.groupby("beta")["exact_log10_mean"].first()[places].to_numpy()
    slopes = np.diff(exact) / np.diff(places)
    return Measurement(
        rise,
        note=f"β from {places[0]:.3g} to {places[-1]:.3g}; exact slopes {slopes[0]:.4g} and "
        f"{slopes[1]:.4g}; 5 in the limit of wide layers and large β",
    )


def collapse(table: pd.DataFrame, patterns: list[str]) -> Measurement:
    """Largest E V̂ over the smallest among patterns of the same β, greatest depth."""
    frame = table[(table["sampler"] == "tilted") & table["pattern"].isin(patterns)]
    deepest = frame[frame["depth"] == frame["depth"].max()]
    betas = deepest.groupby("pattern")["beta"].first()
    if len(betas) < len(patterns) or betas.max() < 3:
        raise NotTested(f"needs {', '.join(patterns)} at β of 3 or more")
    if np.ptp(betas) > 1e-9 * betas.max():
        raise NotTested("needs a greatest depth at which these patterns have the same β")
    exact = deepest.groupby("pattern")["exact_log10_mean"].first()
    logs = {name: _logs(group) for name, group in deepest.groupby("pattern")}
    most, least = (choose(logs, key=lambda name: log_mean(logs[name])) for choose in (max, min))
    log_ratio = sum_of_log_means((logs[most], 1.0), (logs[least], -1.0), level=LEVEL)
    return Measurement(
        log_ratio.map(np.exp),
        note=f"β = {betas.iloc[0]:.3g}; {WIDTH_PATTERNS[most].label} over {WIDTH_PATTERNS[least].label}, "
        f"exact {10 ** (exact[most] - exact[least]):.4g}",
    )


def width_equal_to_depth(data: FigureData) -> Measurement:
    """E V̂ at the greatest depth where width = depth, against the limit at β = 1."""
    rows = data.rows("empirical_variance", pattern="depth", sampler="tilted")
    rows = rows[rows["depth"] == rows["depth"].max()]
    if rows["depth"].iloc[0] < 50:
        raise NotTested("needs a depth of 50 or more")
    exact = 10 ** rows["exact_log10_mean"].iloc[0]
    return Measurement(
        mean_interval(_relative(rows), LEVEL).map(lambda part: exact * part),
        expected=float(wide_limit(1.0)),
        note=f"depth {rows['depth'].iloc[0]}; published: the limit for wide layers",
    )


def typical_growth(data: FigureData, pattern: str) -> Measurement:
    """ln of the median V̂ of ordinary networks at the greatest depth less that at the greatest up to half."""
    rows = data.rows("empirical_variance", pattern=pattern, sampler="plain")
    deepest = rows["depth"].max()
    half = rows["depth"][rows["depth"] <= deepest / 2].max()
    end, before = (rows[rows["depth"] == depth] for depth in (deepest, half))
    if before.empty or end["beta"].iloc[0] < 3:
        raise NotTested("needs β of 3 or more, and a depth up to half of the greatest")
    medians = [quantile_interval(_logs(group), 0.5, LEVEL) for group in (end, before)]
    reach = np.hypot(*(median.half_width for median in medians))
    above = int((_relative(end) > 1).sum())
    return Measurement(
        Estimate.around(medians[0].value - medians[1].value, reach),
        note=f"depths {deepest} and {half}; at β = {end['beta'].iloc[0]:.3g} the median is "
        f"10^{end['log10_variance'].median():.2f}, E V̂ = 10^{end['exact_log10_mean'].iloc[0]:.2f}, which "
        f"{above} of {len(end)} networks exceed",
    )


def residual_mean(data: FigureData, base: float) -> Measurement:
    """Mean V̂ over its exact mean, linear-ended residual networks, greatest depth."""
    rows = data.rows("empirical_variance", pattern="linear", base=base)
    rows = rows[rows["depth"] == rows["depth"].max()]
    if len(rows) < _FEWEST:
        raise NotTested(f"needs {_FEWEST} networks")
    return Measurement(mean_interval(_relative(rows), LEVEL), expected=1.0)


def residual_growth(table: pd.DataFrame) -> Measurement:
    """ln E V̂ at the greatest depth less that at the greatest up to 0.8 of it: the largest over kinds.

    The same networks at both depths; networks are independent. The interval's level is shared
    among the kinds (module endings and scales).
    """
    rows = table[table["family"] == "residual"]
    deepest = int(rows["depth"].max())
    before, half = (
        max((depth for depth in rows["depth"].unique() if depth <= deepest * share), default=0)
        for share in (0.8, 0.5)
    )
    if deepest < 50 or not half:
        raise NotTested("needs a depth of 50 or more, one of 0.8 of it, and one of half of it")
    kinds = rows.groupby(["pattern", "base"])
    if kinds["network"].nunique().min() < _FEWEST:
        raise NotTested(f"needs {_FEWEST} networks")
    level = 1 - (1 - LEVEL) / kinds.ngroups
    changes, from_half = {}, {}
    for kind, group in kinds:
        logs = group.pivot(index="network", columns="depth", values="log10_variance")
        logs = np.log(10) * logs.fillna(-np.inf)
        changes[kind], from_half[kind] = (
            sum_of_log_means((logs[[deepest, depth]], [1.0, -1.0]), level=level)
            for depth in (before, half)
        )
    worst = max(changes, key=lambda kind: changes[kind].high)
    return Measurement(
        changes[worst],
        note=f"from {before} to {deepest} modules, {len(changes)} kinds; largest for modules "
        f"{worst[0]}-ended, b = {worst[1]:g}, where it is {from_half[worst].value:+.2g} from {half} on",
    )


def constant_width_gain(table: pd.DataFrame, patterns: list[str], equal: str) -> Measurement:
    """Least ln of E V̂ over that of a constant width as costly, over patterns and depths.

    E V̂ of the patterns from weighted networks, of the constant width in closed form, which takes a width
    that is no whole number. `equal`: "neurons", Σ n, or "parameters", Σ n².
    """
    rows = table[(table["sampler"] == "tilted") & table["pattern"].isin(patterns)]
    if set(patterns) - set(rows["pattern"]):
        raise NotTested(f"needs {', '.join(patterns)}")
    power, gains = {"neurons": 1, "parameters": 2}[equal], {}
    groups = rows.groupby(["pattern", "depth"])
    level = 1 - (1 - LEVEL) / groups.ngroups
    for (pattern, depth), group in groups:
        widths = np.array(WIDTH_PATTERNS[pattern].widths(depth, np.random.default_rng()))
        constant = np.mean(widths.astype(float) ** power) ** (1 / power)
        exact = log_mean_of_fully_connected([constant] * depth)
        gains[pattern, depth] = sum_of_log_means((_logs(group), 1.0), level=level, shift=-exact)
    pattern, depth = min(gains, key=lambda place: gains[place].low)
    return Measurement(
        gains[pattern, depth],
        note=f"{WIDTH_PATTERNS[pattern].label}, depth {depth}; largest "
        f"{max(gain.value for gain in gains.values()):.3g}; {len(gains)} patterns and depths",
    )
