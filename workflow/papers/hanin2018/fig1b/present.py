"""Epochs to a given test accuracy, by initialisation (Hanin & Rolnick 2018, Figure 1b)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.figure import Figure as Page
from scipy import stats

from deepinit.stats.intervals import Estimate
from papers.hanin2018.looks import looks_of_laws
from papers.hanin2018.starts import images_used, training_text, two_panels, worst_fraction
from study.presentation import Presentation
from study.style import sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Epochs against depth: the mean with the cap counted, and the Kaplan–Meier median."""
    shift = 0.012 * (max(s.depths) - min(s.depths) or 10)
    page, axes = two_panels(table, s, "law", looks_of_laws(s.laws), "depth", shift, "b")
    for axis in axes:
        axis.set(xlabel="depth d = width", xticks=s.depths)
    sign(page, preset, training_text(s))
    return page


@figure.measure
def started(
    s: SimpleNamespace, table: pd.DataFrame, laws: list[str], shallowest: int, smallest: bool = True
) -> Measurement:
    """Fraction of runs that reached the target accuracy before the cap, at one depth.

    Of all depths from `shallowest` on, the one with the smallest fraction, or with the largest
    where `smallest` is false; runs of all `laws` count together.
    """
    frame = table[table["law"].isin(laws)]
    shallow = frame[frame["depth"] < shallowest]
    frame = frame[frame["depth"] >= shallowest]
    if frame.empty:
        raise NotTested(f"needs a depth of {shallowest} or more")
    early = int((shallow["status"] == "reached").sum())
    fraction, counts = worst_fraction(frame, "depth", smallest)
    smaller = f", {early} of {len(shallow)} at smaller depths" if len(shallow) else ""
    return Measurement(fraction, note=f"{counts}{smaller}; {images_used(s)}")


@figure.measure
def chance_of_slower_start(
    s: SimpleNamespace, table: pd.DataFrame, slow: list[str], fast: list[str], shallowest: int = 20
) -> Measurement:
    """One-sided Mann–Whitney level of `slow` needing more epochs than `fast`.

    Runs that met the cap count as the cap, which can only weaken the evidence. Depths are
    pooled; every law has as many runs at each.
    """
    frame = table[table["depth"] >= shallowest]
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
        f"{images_used(s)}",
    )
