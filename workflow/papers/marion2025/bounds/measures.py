"""Measurements on the bounds in probability (Marion et al. 2025)."""

import numpy as np
from numpy.typing import NDArray

from deepinit.resnet.bounds import change_bounds, markov_bound
from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from deepinit.stats.intervals import Estimate, mean_interval, quantile_interval
from papers.marion2025.looseness import bound_over, least
from study.verdicts import LEVEL, Measurement

_DELTAS = (0.01, 0.05, 0.1, 0.2, 0.5, 0.9)

#: Whose squared change is compared with the bounds, by sampler.
RATIOS = {"lengths": "output", "joint": "gradient"}
#: (sampler, width, depth, β) ↦ that squared change in each network.
Squared = dict[tuple[str, int, int, float], NDArray[np.float64]]


def _least(found: dict[str, Estimate]) -> Measurement:
    estimate, place = least(found)
    return Measurement(
        estimate,
        note=f"{len(found)} combinations; measured: the bound over the quantile that it bounds, least "
        f"at {place}",
    )


def markov(squared: Squared) -> Measurement:
    """Least of 2 L α²/δ over the quantile 1 − δ of the squared change, outputs and gradients.

    Intervals at LEVEL for all points and δ together (Bonferroni).
    """
    level = 1 - (1 - LEVEL) / (len(_DELTAS) * len(squared))
    found = {}
    for (sampler, width, depth, beta), changes in squared.items():
        for delta, bound in zip(_DELTAS, markov_bound(depth, beta, _DELTAS), strict=True):
            quantile = quantile_interval(changes, 1 - delta, level)
            place = f"{RATIOS[sampler]}s, d = {width}, L = {depth}, β = {beta:g}, δ = {delta:g}"
            found[place] = bound_over(bound, quantile)
    return _least(found)


def theorem(squared: Squared) -> Measurement:
    """Least distance of the theorem's bounds from the quantiles δ/2 and 1 − δ/2 of the squared change.

    As a factor, over d, L and δ at β = ½, outputs and gradients; a lower bound below zero says nothing.
    That half of δ lies beyond each quantile is more than the theorem says. Bonferroni as in `markov`.
    """
    level = 1 - (1 - LEVEL) / (2 * len(_DELTAS) * len(squared))
    found = {}
    for (sampler, width, depth, beta), changes in squared.items():
        if beta != 0.5:
            continue
        for delta in _DELTAS:
            low, high = change_bounds(width, delta)
            place = f"{RATIOS[sampler]}s, d = {width}, L = {depth}, δ = {delta:g}"
            quantile = quantile_interval(changes, 1 - delta / 2, level)
            found[f"{place}, above"] = bound_over(high, quantile)
            if low > 0:
                quantile = quantile_interval(changes, delta / 2, level)
                found[f"{place}, below"] = Estimate(*(part / low for part in quantile))
    return _least(found)


def mean_over_lower(squared: Squared) -> Measurement:
    """Mean over networks of the squared change over (1 + α²/2)^L − 1, all points."""
    relative = [
        changes / mean_squared_change_bounds(depth, beta)[0]
        for (sampler, _, depth, beta), changes in squared.items()
        if sampler == "lengths"
    ]
    return Measurement(mean_interval(np.concatenate(relative), LEVEL), expected=1.0)
