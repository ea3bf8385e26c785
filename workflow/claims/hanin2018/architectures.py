"""Measurements on when networks start to train, by width pattern (Hanin & Rolnick 2018, Figure 3).

Scores are logarithms of the epochs until a run starts, the cap counted for runs that never do: their
means are estimates of the mean log time restricted to the cap.
"""

import numpy as np
import pandas as pd
from scipy import stats

from claims.data import PaperData
from claims.hanin2018.training import images_used
from deepinit.stats.explained_variance import (
    FEWEST_ARCHITECTURES,
    FEWEST_RUNS,
    Shares,
    explained_shares,
    scores_of_runs,
)
from deepinit.stats.intervals import Estimate
from study.verdicts import LEVEL, Measurement, NotTested


def _runs(data: PaperData) -> pd.DataFrame:
    frame = data.tables["fig3a"]
    if frame["run"].nunique() < FEWEST_RUNS:
        raise NotTested(f"needs {FEWEST_RUNS} runs a point")
    return frame


def _note(data: PaperData, frame: pd.DataFrame) -> str:
    never = int((frame["status"] != "reached").sum())
    return f"{never} of {len(frame)} runs never started; {images_used(data, 'fig3a')}"


def _shares(frame: pd.DataFrame) -> tuple[Shares, int]:
    places, scores = scores_of_runs(frame, ["pattern", "depth", "beta"])
    if len(places) < FEWEST_ARCHITECTURES:
        raise NotTested(f"needs {FEWEST_ARCHITECTURES} architectures")
    try:
        return explained_shares(scores, places["beta"], places["depth"], LEVEL), len(places)
    except ValueError as error:
        raise NotTested(f"{error}") from error


def explained_by_beta(data: PaperData) -> Measurement:
    """Share of the variance between architectures that β explains; see `deepinit.stats.explained_variance`.

    The note adds the share among architectures all of whose runs started, to which the cap did
    nothing.
    """
    frame = _runs(data)
    shares, count = _shares(frame)
    whole = frame.groupby(["pattern", "depth"])["status"].transform(
        lambda s: (s == "reached").all()
    )
    try:
        uncensored, left = _shares(frame[whole])
        without_cap = (
            f"by β among the {left} all of whose runs started: {uncensored.first.value:.3f}"
        )
    except NotTested:
        without_cap = "too few architectures all of whose runs started to look at them alone"
    depth = shares.second
    first = float((frame["epochs"] == 1).mean())
    return Measurement(
        shares.first,
        note=f"{count} architectures; by depth {depth.value:.3f} [{depth.low:.3f}, {depth.high:.3f}]; "
        f"{without_cap}; epochs are whole: {first:.0%} of the runs start in the first; "
        f"{_note(data, frame)}",
    )


def gain_over_depth(data: PaperData) -> Measurement:
    """Share of the variance between architectures explained by β less that by the depth."""
    frame = _runs(data)
    shares, count = _shares(frame)
    return Measurement(shares.gain, note=f"{count} architectures; {_note(data, frame)}")


def _difference(rows: pd.DataFrame, left: dict, right: dict, match: str) -> Measurement:
    """Mean over the values of `match` of the difference of mean scores, with Welch's interval."""
    sides = []
    for side in (left, right):
        chosen = rows
        for column, value in side.items():
            chosen = chosen[chosen[column] == value]
        sides.append(chosen.assign(score=np.log(chosen["epochs"])).groupby(match)["score"])
    first, second = (side.agg(["mean", "var", "size"]) for side in sides)
    if first.empty or not first.index.equals(second.index):
        raise NotTested(f"needs runs of {left} and of {right}")
    errors = pd.concat([side["var"] / side["size"] for side in (first, second)])
    freedom = errors.sum() ** 2 / np.sum(errors**2 / (pd.concat([first, second])["size"] - 1))
    half = np.sqrt(errors.sum()) / len(first) * stats.t.ppf((1 + LEVEL) / 2, freedom)
    value = float((first["mean"] - second["mean"]).mean())
    means = [np.exp(side["mean"].mean()) for side in (first, second)]
    return Measurement(
        Estimate(value, value - float(half), value + float(half)),
        note=f"geometric means {means[0]:.3g} and {means[1]:.3g} epochs, {first['size'].min():g} runs "
        f"at each of {2 * len(first)} points",
    )


def difference_of_patterns(
    data: PaperData, left: str, right: str, shallowest: int = 1
) -> Measurement:
    """Mean ln epochs of one pattern less that of another at the same depths."""
    frame = _runs(data)
    frame = frame[frame["depth"] >= shallowest]
    return _difference(frame, {"pattern": left}, {"pattern": right}, "depth")


def difference_of_depths(data: PaperData, pattern: str) -> Measurement:
    """Mean ln epochs at the greatest depth less that at the smallest."""
    frame = _runs(data)
    deepest, shallowest = int(frame["depth"].max()), int(frame["depth"].min())
    if deepest < 2 * shallowest:
        raise NotTested("needs a depth twice the smallest")
    return _difference(
        frame[frame["pattern"] == pattern], {"depth": deepest}, {"depth": shallowest}, "pattern"
    )
