"""Measurements on accuracies of trained networks (Marion et al. 2025, Figure 9)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from deepinit.resnet.ratios_theory import critical_beta
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval
from papers.marion2025.fig9.rate_selection import CHANCE, frontier
from study.figure_data import Tables
from study.verdicts import LEVEL, Measurement, NotTested

#: A data set as published ↦ what may stand for it: MNIST is the carried subset where there is no more.
DATA_SETS = {"MNIST": ("mnist", "mnist_subset"), "CIFAR-10": ("cifar10",)}


def accuracy_map(chosen: pd.DataFrame, data: str) -> pd.DataFrame:
    """Return test accuracies at the best rates, β down and H across."""
    rows = chosen[chosen["data"] == data]
    return rows.pivot(index="beta", columns="hurst", values="test_best")


def _points(chosen: pd.DataFrame, data_set: str) -> pd.DataFrame:
    """Return the chosen rates of one data set."""
    names = DATA_SETS[data_set]
    name = next((name for name in names if (chosen["data"] == name).any()), None)
    if name is None:
        raise NotTested(f"needs data_sets with {names[0]}")
    points = chosen[chosen["data"] == name]
    if points["hurst"].nunique() < 4 or points["beta"].nunique() < 4:
        raise NotTested("needs at least four values of H and of β")
    return points


def trained_share(
    s: SimpleNamespace,
    chosen: pd.DataFrame,
    data_set: str,
    nearest: float,
    farthest: float,
    worst: bool,
) -> Measurement:
    """Accuracy of the worst, or best, point at a distance β − max(½, H) in a range.

    As a share of the way from chance to the map's best; rates chosen on held-out images, so that
    the interval is that of a fraction, of a level that allows for the number of points. A point
    at which every network diverged counts as chance.
    """
    every = _points(chosen, data_set)
    best, images = float(every["test_best"].max()), int(every["test_images"].iloc[0])
    if best < CHANCE + 0.2:
        raise NotTested(f"needs networks that train: the best test accuracy is {best:.3f}")
    # Points of the critical line itself are on it whatever the rounding.
    distance = every["beta"] - every["hurst"].map(critical_beta)
    points = every[distance.between(nearest - 1e-9, farthest + 1e-9)]
    if points.empty:
        raise NotTested(f"needs a point at β − max(½, H) from {nearest:g} to {farthest:g}")
    accuracy = points["test_validated"].fillna(CHANCE)
    extreme = float(accuracy.min() if worst else accuracy.max())
    level = 1 - (1 - LEVEL) / len(points)
    low, high = fraction_interval(round(extreme * images), images, level)[1:]
    return Measurement(
        Estimate(*((accuracy - CHANCE) / (best - CHANCE) for accuracy in (extreme, low, high))),
        note=f"{every['data'].iloc[0]}, {s.epochs} epochs: test accuracy {extreme:.3f}, best of the map "
        f"{best:.3f}, {len(points)} points of (H, β), one network per point and rate: the interval is that "
        "of the test images alone",
    )


def _full_scale(
    s: SimpleNamespace, chosen: pd.DataFrame, published_maps: Tables, data_set: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return our accuracies and the published ones at the same points: β down, H across."""
    name = DATA_SETS[data_set][0]
    if name not in s.data_sets or s.epochs < 10 or s.depth < 1000:
        raise NotTested(f"needs the whole of {name}, L = 1000 and 10 epochs")
    ours = accuracy_map(_points(chosen, data_set), name).fillna(CHANCE)
    theirs = published_maps[name]
    # Their H and β are printed with four decimals.
    if ours.shape != theirs.shape or not all(
        np.allclose(*axes, rtol=0, atol=1e-4) for axes in zip(ours.axes, theirs.axes, strict=True)
    ):
        raise NotTested("needs the published grid of H and β")
    return ours, theirs.set_axis(ours.index).set_axis(ours.columns, axis="columns")


def plateau_difference(
    s: SimpleNamespace, chosen: pd.DataFrame, published_maps: Tables, data_set: str
) -> Measurement:
    """Mean difference of test accuracy to the published map where β ≥ max(½, H)."""
    ours, theirs = _full_scale(s, chosen, published_maps, data_set)
    critical = np.array([critical_beta(hurst) for hurst in ours.columns])
    above = ours.index.to_numpy()[:, None] >= critical[None, :]
    difference = (ours - theirs).to_numpy()[above]
    return Measurement(mean_interval(difference, LEVEL), note=f"{len(difference)} points")


def frontier_difference(
    s: SimpleNamespace, chosen: pd.DataFrame, published_maps: Tables, data_set: str
) -> Measurement:
    """Mean over H of the β at which accuracy is half-way to the best, minus the published one."""
    ours, theirs = _full_scale(s, chosen, published_maps, data_set)
    difference = (frontier(ours) - frontier(theirs)).dropna()
    return Measurement(
        mean_interval(difference, LEVEL), note=f"{len(difference)} values of H at which both cross"
    )
