"""Measurements on when training starts (Hanin & Rolnick 2018, Figure 1b)."""

from scipy import stats

from claims.data import PaperData
from deepinit.statistics import Estimate, fraction_interval
from deepinit.verdicts import LEVEL, Measurement, NotTested


def started(data: PaperData, laws: list[str], shallowest: int = 10) -> Measurement:
    """Fraction of runs that reached the target accuracy before the cap."""
    frame = data.tables["fig1b"]
    frame = frame[frame["law"].isin(laws)]
    shallow = frame[frame["depth"] < shallowest]
    frame = frame[frame["depth"] >= shallowest]
    if frame.empty:
        raise NotTested(f"needs a depth of {shallowest} or more")
    early = int((shallow["status"] == "reached").sum())
    reached = int((frame["status"] == "reached").sum())
    return Measurement(
        fraction_interval(reached, len(frame), LEVEL),
        note=f"{reached} of {len(frame)} runs at depths {shallowest} to {frame['depth'].max()}"
        + (f", {early} of {len(shallow)} at smaller ones" if len(shallow) else ""),
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
        Estimate.exactly(chance),
        note=f"median epochs {medians}, depths {shallowest} to {frame['depth'].max()}",
    )
