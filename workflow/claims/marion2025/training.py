"""Measurements on trained networks (Marion et al. 2025, Figures 8, 9 and 15)."""

import numpy as np
import pandas as pd

from claims.data import PaperData
from deepinit.resnet.ratios_theory import critical_beta
from deepinit.resnet.smooth_weights_theory import layer_correlation
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval
from deepinit.stats.roughness import hurst_index
from deepinit.training.rate_selection import (
    CHANCE,
    accuracy_frontier,
    at_same_points,
    choose_rates,
    optimism_interval,
)
from study.verdicts import LEVEL, Measurement, NotTested


def _stage(data: PaperData, figure: str, law: str, beta: float, stage: str) -> pd.DataFrame:
    """Return the rows of one panel and stage.

    Raises:
        NotTested: the preset does not have the panel, or all its networks diverged.
    """
    return data.rows(figure, law=law, beta=beta, stage=stage)


def roughness(
    data: PaperData,
    figure: str,
    law: str,
    beta: float,
    stage: str = "after",
    quantity: str = "hurst",
) -> Measurement:
    """Mean over networks of the Hurst index estimated from second-order variations.

    Entries of one network share its training: each network gives one estimate. Before training the
    expected value follows from the law: 0 for independent weights, and for smooth ones the index
    of the process itself at these lags.
    """
    rows = _stage(data, figure, law, beta, stage)
    settings = data.settings[figure]
    if stage != "before" and settings["depth"] < 1000:
        raise NotTested("needs L = 1000: the finest scale is 1/L")
    lags = settings["lags"][:2]
    expected = None
    if stage == "before":
        expected = 0.0 if law == "independent" else _index_of_smooth_weights(settings)
    accuracy = data.tables[figure]
    accuracy = accuracy[(accuracy["law"] == law) & (accuracy["beta"] == beta)]
    accuracy = accuracy[accuracy["quantity"] == "test_accuracy"]["value"]
    note = f"lags {lags[0]} and {lags[1]}"
    if stage != "before" and len(accuracy):
        note += f", {len(accuracy)} networks trained to a test accuracy of {accuracy.mean():.3f}"
    estimate = mean_interval(rows[rows["quantity"] == quantity]["value"], LEVEL)
    return Measurement(estimate, expected=expected, note=note)


def _index_of_smooth_weights(settings: dict) -> float:
    """Return log(E S(b)/E S(a))/(2 log(b/a)) from E S(l) = 6 ρ(0) − 8 ρ(l) + 2 ρ(2l)."""
    correlation = layer_correlation(settings["depth"], settings["smooth"])[0]
    lags = settings["lags"][:2]
    means = [6 * correlation[0] - 8 * correlation[lag] + 2 * correlation[2 * lag] for lag in lags]
    return hurst_index(means, lags)


def size_of_biases(data: PaperData, figure: str, law: str, beta: float) -> Measurement:
    """Root mean square of the trained biases over that of the change of the weights."""
    size = _stage(data, figure, law, beta, "after")
    size = size[size["quantity"] == "bias_root_mean_square"].set_index("network")["value"]
    change = _stage(data, figure, law, beta, "change")
    change = change[change["quantity"] == "root_mean_square"].set_index("network")["value"]
    return Measurement(mean_interval(size / change, LEVEL))


def _points(data: PaperData, data_set: str) -> tuple[pd.DataFrame, int, str]:
    """Return the chosen rates of one data set, its test images, and what it was trained on.

    "mnist" is the carried subset where the preset has no more.

    Raises:
        NotTested: the preset does not compute that data set, or has a single point.
    """
    frame = data.tables["fig9"]
    names = [data_set, f"{data_set}_subset"]
    name = next((name for name in names if (frame["data"] == name).any()), None)
    if name is None:
        raise NotTested(f"needs data_sets with {data_set}")
    frame = frame[frame["data"] == name]
    if frame["hurst"].nunique() < 4 or frame["beta"].nunique() < 4:
        raise NotTested("needs at least four values of H and of β")
    chosen = choose_rates(frame)
    chosen["distance"] = chosen["beta"] - chosen["hurst"].map(critical_beta)
    settings = data.settings["fig9"]
    return chosen, int(frame["test_images"].iloc[0]), f"{name}, {settings['epochs']} epochs"


def _share(accuracy: float, best: float) -> float:
    """Return where an accuracy lies between chance (0) and the best of the map (1)."""
    return (accuracy - CHANCE) / (best - CHANCE)


def trained_share(
    data: PaperData, data_set: str, nearest: float, farthest: float, worst: bool
) -> Measurement:
    """Accuracy of the worst, or best, point at a distance β − max(½, H) in a range.

    As a share of the way from chance to the map's best; rates chosen on held-out images, so that
    the interval is that of a fraction, of a level that allows for the number of points. A point
    at which every network diverged counts as chance.
    """
    chosen, images, trained_on = _points(data, data_set)
    best = float(chosen["test_best"].max())
    if best < CHANCE + 0.2:
        raise NotTested(f"needs networks that train: the best test accuracy is {best:.3f}")
    # Points of the critical line itself are on it whatever the rounding.
    points = chosen[chosen["distance"].between(nearest - 1e-9, farthest + 1e-9)]
    if points.empty:
        raise NotTested(f"needs a point at β − max(½, H) from {nearest:g} to {farthest:g}")
    accuracy = points["test_validated"].fillna(CHANCE)
    extreme = float(accuracy.min() if worst else accuracy.max())
    level = 1 - (1 - LEVEL) / len(points)
    low, high = fraction_interval(round(extreme * images), images, level)[1:]
    return Measurement(
        Estimate(*(_share(value, best) for value in (extreme, low, high))),
        note=f"{trained_on}: test accuracy {extreme:.3f}, best of the map {best:.3f}, "
        f"{len(points)} points of (H, β), one network a point and rate: the interval is that of the "
        "test images alone",
    )


def optimism(data: PaperData, data_set: str) -> Measurement:
    """Mean over points of what choosing the rate on test images adds to the test accuracy."""
    chosen, _, trained_on = _points(data, data_set)
    frame = data.tables["fig9"]
    frame = frame[frame["data"] == chosen["data"].iloc[0]]
    decided = chosen.dropna(subset="test_best")
    other = int((decided["rate_best"] != decided["rate_validated"]).sum())
    images = data.settings["fig9"]["validation_images"]
    return Measurement(
        optimism_interval(frame, images, LEVEL),
        note=f"{trained_on}: {len(decided)} points at which a network trained, at {other} of which "
        "the held-out images choose another rate; never negative, by construction",
    )


def _full_scale(data: PaperData, data_set: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return our accuracies and the published ones at the same points: β down, H across.

    Raises:
        NotTested: another data set, fewer epochs or fewer points than published.
    """
    settings = data.settings["fig9"]
    if data_set not in settings["data_sets"] or settings["epochs"] < 10 or settings["depth"] < 1000:
        raise NotTested(f"needs the whole of {data_set}, L = 1000 and 10 epochs")
    chosen, _, _ = _points(data, data_set)
    ours = chosen.pivot(index="beta", columns="hurst", values="test_best").fillna(CHANCE)
    name = {"mnist": "marion2025_fig9a_mnist", "cifar10": "marion2025_fig9b_cifar10"}[data_set]
    published = data.published[name].pivot(index="beta", columns="hurst", values="test_accuracy")
    theirs = at_same_points(published, ours)
    if ours.shape != published.shape or theirs.isna().any(axis=None):
        raise NotTested("needs the published grid of H and β")
    return ours, theirs


def plateau_difference(data: PaperData, data_set: str) -> Measurement:
    """Mean difference of test accuracy to the published map where β ≥ max(½, H)."""
    ours, theirs = _full_scale(data, data_set)
    critical = np.array([critical_beta(hurst) for hurst in ours.columns])
    above = ours.index.to_numpy()[:, None] >= critical[None, :]
    difference = (ours - theirs).to_numpy()[above]
    return Measurement(mean_interval(difference, LEVEL), note=f"{len(difference)} points")


def frontier_difference(data: PaperData, data_set: str) -> Measurement:
    """Mean over H of the β at which accuracy is half-way to the best, minus the published one."""
    ours, theirs = _full_scale(data, data_set)
    frontiers = [
        np.array([accuracy_frontier(g.index, g[hurst], g.to_numpy().max()) for hurst in g])
        for g in (ours, theirs)
    ]
    difference = frontiers[0] - frontiers[1]
    difference = difference[np.isfinite(difference)]
    return Measurement(
        mean_interval(difference, LEVEL), note=f"{len(difference)} values of H at which both cross"
    )
