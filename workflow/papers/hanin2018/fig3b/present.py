"""Epochs to a given test accuracy against β (Hanin & Rolnick 2018, Figure 3b), and what β explains."""

from contextlib import suppress
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Page
from numpy.typing import NDArray

from deepinit.stats.intervals import Estimate
from deepinit.widths import PUBLISHED_PATTERNS
from papers.hanin2018 import architectures
from papers.hanin2018.architectures import enough_runs
from papers.hanin2018.explained_variance import (
    FEWEST_ARCHITECTURES,
    explained_shares,
    scores_of_runs,
)
from papers.hanin2018.lack_of_fit import lack_of_fit
from papers.hanin2018.looks import looks_of_patterns, thin_patterns
from papers.hanin2018.start_panels import panels_by_biases
from papers.hanin2018.starts import PAPERS_TRAINING, images_used
from study.figure_data import FigureData
from study.presentation import Presentation
from study.recorded import Recorded
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation(architectures, papers=PAPERS_TRAINING)

#: Architectures, one row each, and ln epochs of their runs.
Scores = tuple[pd.DataFrame, NDArray[np.float64]]


@figure.summary
def scores(data: FigureData) -> Scores:
    """Return the architectures of the published types and ln epochs of their runs, biases trained."""
    runs = enough_runs(data, PUBLISHED_PATTERNS)
    places, found = scores_of_runs(runs, ["pattern", "depth", "beta"])
    if len(places) < FEWEST_ARCHITECTURES:
        raise NotTested(f"needs {FEWEST_ARCHITECTURES} architectures")
    return places, found


@figure.draw
def draw(
    data: FigureData,
    s: SimpleNamespace,
    table: pd.DataFrame,
    preset: str,
    recorded: Recorded | None,
) -> Page:
    """Epochs against β, with how far architectures are from one curve."""
    page = panels_by_biases(
        table, s, preset, recorded, letter="b", curve="pattern", looks=looks_of_patterns(s.patterns),
        column="beta", label=r"$\beta = \Sigma_j\, 1/n_j$", thin=thin_patterns(s.patterns),
    )  # fmt: skip
    with suppress(NotTested):
        places, found = scores(data)
        factors = [
            f"{name}: {_factor(lack_of_fit(found, places[number], 0.95).departure)}"
            for number, name in (("beta", r"in $\beta$"), ("depth", "in depth"))
        ]
        text = "\n".join(["rms factor from a parabola", *factors, "(95 %)"])
        first = page.axes[0]
        first.text(0.97, 0.04, text, transform=first.transAxes, ha="right", fontsize=5.5)
    return page


def _factor(departure: Estimate) -> str:
    value, low, high = np.exp(departure)
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def _note(found: NDArray[np.float64], s: SimpleNamespace) -> str:
    cap = np.log(s.max_epochs)
    return (
        f"{len(found)} architectures, {found.shape[1]} runs each; epochs are whole: "
        f"{np.mean(found == 0):.0%} of the runs start in the first, {np.mean(found == cap):.1%} not "
        f"before the cap; {images_used(s)}"
    )


@figure.measure
def departure_from_curve(scores: Scores, s: SimpleNamespace) -> Measurement:
    """Root mean square departure of mean ln epochs from a parabola in β."""
    places, found = scores
    fit = lack_of_fit(found, places["beta"], LEVEL)
    other = lack_of_fit(found, places["depth"], LEVEL).departure
    return Measurement(
        fit.departure,
        note=f"level of the F test {fit.chance:.2g}; from a parabola in the depth {other.value:.3f} "
        f"[{other.low:.3f}, {other.high:.3f}]; {_note(found, s)}",
    )


@figure.measure
def chance_of_departure(scores: Scores, s: SimpleNamespace) -> Measurement:
    """Level of the F test of lack of fit to a parabola in β."""
    places, found = scores
    chance = lack_of_fit(found, places["beta"], 0.95).chance
    return Measurement(Estimate.exactly(chance), note=_note(found, s))


@figure.measure
def gain_over_depth(scores: Scores, s: SimpleNamespace) -> Measurement:
    """Share of the variance between architectures explained by β less that by the depth."""
    places, found = scores
    shares = explained_shares(found, places["beta"], places["depth"], LEVEL)
    return Measurement(
        shares.gain,
        note=f"by β {shares.first.value:.3f} [{shares.first.low:.3f}, {shares.first.high:.3f}], by the "
        f"depth {shares.second.value:.3f} [{shares.second.low:.3f}, {shares.second.high:.3f}], runs' own "
        f"noise taken off; {_note(found, s)}",
    )
