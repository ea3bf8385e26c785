"""Epochs to a given test accuracy against β (Hanin & Rolnick 2018, Figure 3b), and what β explains."""

from contextlib import suppress
from types import SimpleNamespace

import pandas as pd
from matplotlib.figure import Figure as Page

from deepinit.stats.explained_variance import (
    FEWEST_ARCHITECTURES,
    FEWEST_RUNS,
    Shares,
    explained_shares,
    scores_of_runs,
)
from papers.hanin2018 import architectures
from papers.hanin2018.architectures import enough_runs, panels_of_patterns
from papers.hanin2018.starts import images_used, training_text
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation(architectures)


def _shares(runs: pd.DataFrame, level: float) -> tuple[Shares, int]:
    """Return how much β and the depth explain of the variance between how many architectures.

    Raises:
        NotTested: too few runs or architectures to say.
    """
    try:
        places, scores = scores_of_runs(runs, ["pattern", "depth", "beta"])
        if scores.shape[1] < FEWEST_RUNS:
            raise NotTested(f"needs {FEWEST_RUNS} runs a point")
        if len(places) < FEWEST_ARCHITECTURES:
            raise NotTested(f"needs {FEWEST_ARCHITECTURES} architectures")
        return explained_shares(scores, places["beta"], places["depth"], level), len(places)
    except ValueError as error:
        raise NotTested(f"{error}") from error


@figure.summary
def training(data: FigureData) -> SimpleNamespace:
    """Return the settings of the runs, which are those of Figure 3a."""
    return SimpleNamespace(**data.settings["fig3a"])


@figure.summary
def runs(data: FigureData) -> pd.DataFrame:
    """Return the runs, enough at each point."""
    return enough_runs(data)


@figure.summary
def shares(runs: pd.DataFrame) -> tuple[Shares, int]:
    """Return what β and the depth explain, at the level of verdicts, and of how many architectures."""
    return _shares(runs, LEVEL)


@figure.draw
def draw(training: SimpleNamespace, tables: dict[str, pd.DataFrame], preset: str) -> Page:
    """Epochs against β, with the share of the variance between architectures that β explains."""
    page, axes = panels_of_patterns(tables["fig3a"], training, "beta", "b")
    for axis in axes:
        axis.set_xlabel(r"$\beta = \Sigma_j\, 1/n_j$")
    with suppress(NotTested):
        text = _text(_shares(tables["fig3a"], 0.95)[0])
        axes[1].text(0.97, 0.05, text, transform=axes[1].transAxes, ha="right", fontsize=6)
    sign(page, preset, training_text(training))
    return page


def _text(shares: Shares) -> str:
    lines = ["variance between architectures", "explained, noise of runs taken off:"]
    for name, share in ((r"by $\beta$", shares.first), ("by depth", shares.second)):
        value, low, high = (100 * part for part in share)
        lines.append(f"{name}: {value:.1f} % [{low:.1f}, {high:.1f}]")
    return "\n".join(lines)


def _note(runs: pd.DataFrame, training: SimpleNamespace) -> str:
    never = int((runs["status"] != "reached").sum())
    return f"{never} of {len(runs)} runs never started; {images_used(training)}"


@figure.measure
def explained_by_beta(
    runs: pd.DataFrame, shares: tuple[Shares, int], training: SimpleNamespace
) -> Measurement:
    """Share of the variance between architectures that β explains; see `deepinit.stats.explained_variance`.

    The note adds the share among architectures all of whose runs started, to which the cap did
    nothing.
    """
    whole = runs.groupby(["pattern", "depth"])["status"].transform(lambda s: (s == "reached").all())
    try:
        uncensored, left = _shares(runs[whole], LEVEL)
        without_cap = (
            f"by β among the {left} all of whose runs started: {uncensored.first.value:.3f}"
        )
    except NotTested:
        without_cap = "too few architectures all of whose runs started to look at them alone"
    share, depth = shares[0].first, shares[0].second
    first = float((runs["epochs"] == 1).mean())
    return Measurement(
        share,
        note=f"{shares[1]} architectures; by depth {depth.value:.3f} "
        f"[{depth.low:.3f}, {depth.high:.3f}]; {without_cap}; epochs are whole: {first:.0%} of the "
        f"runs start in the first; {_note(runs, training)}",
    )


@figure.measure
def gain_over_depth(
    runs: pd.DataFrame, shares: tuple[Shares, int], training: SimpleNamespace
) -> Measurement:
    """Share of the variance between architectures explained by β less that by the depth."""
    return Measurement(shares[0].gain, note=f"{shares[1]} architectures; {_note(runs, training)}")
