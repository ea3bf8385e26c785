"""Measurements on when training starts, by initialisation (Hanin & Rolnick 2018, Figure 1b)."""

import pandas as pd
from scipy import stats

from claims.data import PaperData
from deepinit.stats.intervals import Estimate, fraction_interval
from study.verdicts import LEVEL, Measurement, NotTested

_IMAGES = {"mnist_subset": "10,000", "mnist": "60,000"}


def images_used(data: PaperData, figure: str) -> str:
    """Return how many images the runs of a figure were trained on, in words."""
    return f"{_IMAGES[data.settings[figure]['data']]} training images"


def worst_fraction(runs: pd.DataFrame, size: str, smallest: bool) -> tuple[Estimate, str]:
    """Return the fraction of runs that reached the target before the cap, at one size, and counts.

    Args:
        runs: rows of one kind of network.
        size: "depth" or "modules", the column each of whose values is a point.
        smallest: the point with the smallest fraction; otherwise the one with the largest.

    Returns:
        The fraction, whose interval's level allows for the number of points, and where it was found
        among how many, in words.
    """
    reached = (runs["status"] == "reached").groupby(runs[size]).agg(["sum", "size"])
    fractions = reached["sum"] / reached["size"]
    worst = fractions.idxmin() if smallest else fractions.idxmax()
    hits, count = (int(number) for number in reached.loc[worst])
    at = {"depth": "at depth {}", "modules": "with {} modules"}[size]
    range_of_sizes = f"{runs[size].min()} to {runs[size].max()}"
    diverged = int((runs["status"] == "diverged").sum())
    return fraction_interval(hits, count, 1 - (1 - LEVEL) / len(reached)), (
        f"{hits} of {count} runs {at.format(worst)}; of all {len(runs)} {at.format(range_of_sizes)}, "
        f"{reached['sum'].sum()} started and {diverged} diverged"
    )


def started(
    data: PaperData, laws: list[str], shallowest: int, smallest: bool = True
) -> Measurement:
    """Fraction of runs that reached the target accuracy before the cap, at one depth.

    Of all depths from `shallowest` on, the one with the smallest fraction, or with the largest
    where `smallest` is false; runs of all `laws` count together.
    """
    frame = data.tables["fig1b"]
    frame = frame[frame["law"].isin(laws)]
    shallow = frame[frame["depth"] < shallowest]
    frame = frame[frame["depth"] >= shallowest]
    if frame.empty:
        raise NotTested(f"needs a depth of {shallowest} or more")
    early = int((shallow["status"] == "reached").sum())
    fraction, counts = worst_fraction(frame, "depth", smallest)
    smaller = f", {early} of {len(shallow)} at smaller depths" if len(shallow) else ""
    return Measurement(fraction, note=f"{counts}{smaller}; {images_used(data, 'fig1b')}")


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
    if LEVEL > chance > 1 - LEVEL:
        raise NotTested(f"too few runs to tell the order: level {chance:.2g}")
    medians = " and ".join(f"{run.median():g}" for run in runs)
    return Measurement(
        Estimate.exactly(chance),
        note=f"median epochs {medians}, depths {shallowest} to {frame['depth'].max()}; "
        f"{images_used(data, 'fig1b')}",
    )
