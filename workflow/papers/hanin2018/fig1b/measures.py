"""When networks of several initialisations start, and what the collapse of their inputs has to do with it."""

from types import SimpleNamespace

import pandas as pd

from deepinit.stats.correlation import rank_correlation
from deepinit.stats.intervals import Estimate, fraction_interval
from papers.hanin2018.starts import (
    difference_of_scores,
    geometric_mean,
    images_used,
    worst_fraction,
)
from study.verdicts import LEVEL, Measurement, NotTested


def _runs(table: pd.DataFrame, biases: str, laws: list[str], shallowest: int = 1) -> pd.DataFrame:
    """Return the runs of some initialisations from one depth on."""
    chosen = table[table["law"].isin(laws) & (table["biases"] == biases)]
    chosen = chosen[chosen["depth"] >= shallowest]
    if chosen.empty:
        kind = {"trained": "with trained biases", "none": "without biases"}[biases]
        raise NotTested(f"needs {', '.join(laws)} {kind} at depth {shallowest} or more")
    return chosen


def started(
    s: SimpleNamespace, table: pd.DataFrame, laws: list[str], shallowest: int,
    smallest: bool = True, cap: int = 1,
) -> Measurement:  # fmt: skip
    """Fraction of runs that reached the target accuracy before the cap, at one depth, biases trained.

    Of all depths from `shallowest` on, the one with the smallest fraction, or with the largest
    where `smallest` is false; runs of all `laws` count together.
    """
    if s.max_epochs < cap:
        raise NotTested(
            f"needs runs of up to {cap} epochs: many start later than in {s.max_epochs}"
        )
    runs = _runs(table, "trained", laws, shallowest)
    fraction, counts = worst_fraction(runs, "depth", smallest)
    return Measurement(fraction, note=f"{counts}; {images_used(s)}")


def depth_slows(
    s: SimpleNamespace, table: pd.DataFrame, laws: list[str], deep: int, shallow: int, biases: str
) -> Measurement:
    """Mean ln epochs at one depth less that at another, mean over the initialisations."""
    runs = _runs(table, biases, laws)
    sides = [runs[runs["depth"] == depth] for depth in (deep, shallow)]
    found = difference_of_scores(*sides, "law")
    means = [f"{geometric_mean(side):.3g}" for side in sides]
    never = [f"{(side['status'] != 'reached').sum()} of {len(side)}" for side in sides]
    return Measurement(
        found,
        note=f"geometric means {means[0]} epochs at depth {deep}, {means[1]} at {shallow}, the cap of "
        f"{s.max_epochs} counted; {never[0]} and {never[1]} runs never started; {images_used(s)}",
    )


def slower_start(
    s: SimpleNamespace, table: pd.DataFrame, slow: str, fast: str, shallowest: int
) -> Measurement:
    """Mean ln epochs of one initialisation less that of another at the same depths, biases trained."""
    slower = _runs(table, "trained", [slow], shallowest)
    faster = _runs(table, "trained", [fast], shallowest)
    faster = faster[faster["depth"].isin(slower["depth"])]
    means = [geometric_mean(side) for side in (slower, faster)]
    depths = ", ".join(map(str, sorted(slower["depth"].unique())))
    return Measurement(
        difference_of_scores(slower, faster, "depth"),
        note=f"geometric means {means[0]:.3g} and {means[1]:.3g} epochs; depths {depths}; {images_used(s)}",
    )


def failures_gained(
    s: SimpleNamespace, table: pd.DataFrame, laws: list[str], shallow: int
) -> Measurement:
    """Fraction of runs that never start at the greatest depth less that at another, biases trained.

    The interval is the difference of the ends of exact ones, each at half the level, and so cautious.
    """
    runs = _runs(table, "trained", laws, shallow)
    deep = int(runs["depth"].max())
    if deep < 2 * shallow or shallow not in set(runs["depth"]):
        raise NotTested(f"needs depth {shallow} and one twice as great")
    parts, words = [], []
    for depth in (deep, shallow):
        never = runs[runs["depth"] == depth]["status"] != "reached"
        parts.append(fraction_interval(int(never.sum()), len(never), (1 + LEVEL) / 2))
        words.append(f"{never.sum()} of {len(never)} at depth {depth}")
    value = parts[0].value - parts[1].value
    ends = parts[0].low - parts[1].high, parts[0].high - parts[1].low
    return Measurement(
        Estimate(value, *ends), note=f"never started: {', '.join(words)}; {images_used(s)}"
    )


def start_follows_collapse(table: pd.DataFrame, laws: list[str]) -> Measurement:
    """Spearman's correlation of c_d before training with the epochs until the start, without biases.

    Runs that never start count as the cap.
    """
    runs = _runs(table, "none", laws).dropna(subset="input_correlation")
    if len(runs) < 20:
        raise NotTested("needs 20 runs without biases")
    started, never = (
        runs[(runs["status"] == "reached") == reached]["input_correlation"]
        for reached in (True, False)
    )
    least = f", of those that never do {never.median():.4f}" if len(never) else ""
    return Measurement(
        rank_correlation(runs["input_correlation"], runs["epochs"], LEVEL),
        note=f"{len(runs)} runs; median c_d of runs that start {started.median():.4f}{least}",
    )


def slower_at_same_collapse(
    table: pd.DataFrame, laws: list[str], deep: int, shallow: int, above: float
) -> Measurement:
    """Mean ln epochs from depth `deep` on less that up to `shallow`, c_d at least `above`, no biases."""
    runs = _runs(table, "none", laws)
    runs = runs[runs["input_correlation"] >= above]
    sides = [runs[runs["depth"] >= deep], runs[runs["depth"] <= shallow]]
    if min(map(len, sides)) < 5:
        raise NotTested(f"needs five runs with c_d of {above:g} or more on either side")
    words = [
        f"{(side['status'] == 'reached').sum()} of {len(side)} start, median c_d "
        f"{side['input_correlation'].median():.4f}"
        for side in sides
    ]
    return Measurement(
        difference_of_scores(*sides, "law"),
        note=f"depth {deep} or more: {words[0]}; {shallow} or less: {words[1]}",
    )


def started_at_collapse(
    s: SimpleNamespace, table: pd.DataFrame, laws: list[str], biases: str, above: float = 0.0,
    below: float = 1.0,
) -> Measurement:  # fmt: skip
    """Fraction of runs that start before the cap among those with c_d between two values."""
    runs = _runs(table, biases, laws)
    runs = runs[(runs["input_correlation"] >= above) & (runs["input_correlation"] < below)]
    if runs.empty:
        raise NotTested(f"needs runs with a correlation of inputs from {above:g} to {below:g}")
    hits = int((runs["status"] == "reached").sum())
    depths = ", ".join(map(str, sorted(runs["depth"].unique())))
    return Measurement(
        fraction_interval(hits, len(runs), LEVEL),
        note=f"{hits} of {len(runs)} runs, at depths {depths}; {images_used(s)}",
    )
