"""Measurements on the bounds in probability (Marion et al. 2025)."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from claims.data import PaperData
from deepinit.resnet.bounds import change_bounds, markov_bound, norm_bounds
from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval, quantile_interval
from study.verdicts import LEVEL, Measurement, NotTested

_DELTAS = (0.01, 0.05, 0.1, 0.2, 0.5, 0.9)


def _points(data: PaperData, sampler: str) -> Iterator[tuple[int, int, float, pd.DataFrame]]:
    """Yield (width, depth, β, rows) of every point."""
    frame = data.rows("bounds", sampler=sampler)
    for (width, depth, beta), rows in frame.groupby(["width", "depth", "beta"]):
        yield int(width), int(depth), float(beta), rows


def _squared(rows: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return the squared ratio; networks that have not moved have a change of zero."""
    return 10 ** (2 * rows[f"log10_{column}"].fillna(-np.inf).to_numpy())


def _largest_share(
    counts: list[tuple[int, int, float, str]],
) -> Measurement:
    """Return the largest fraction of exceptions over δ; counts of (exceptions, networks, δ, place).

    The interval's ends are the largest lower and upper limits, at LEVEL for all together
    (Bonferroni).

    Raises:
        NotTested: too few networks for the upper limit of no exception at all to lie below δ.
    """
    level = 1 - (1 - LEVEL) / len(counts)
    shares = []
    for exceptions, networks, delta, place in counts:
        if fraction_interval(0, networks, level).high > delta:
            raise NotTested("needs more networks a point")
        estimate = fraction_interval(exceptions, networks, level)
        shares.append((*(part / delta for part in estimate), place))
    value, _, _, place = max(shares)
    return Measurement(
        Estimate(value, max(share[1] for share in shares), max(share[2] for share in shares)),
        expected=1.0,
        note=f"{len(counts)} combinations; measured: exceptions over δ, largest at {place}",
    )


def markov(data: PaperData, sampler: str, column: str) -> Measurement:
    """Largest of (fraction above 2 L α²/δ)/δ over points and δ."""
    counts = []
    for width, depth, beta, rows in _points(data, sampler):
        change = _squared(rows, f"{column}_change")
        for delta in _DELTAS:
            above = int((change > markov_bound(depth, beta, delta)).sum())
            place = f"d = {width}, L = {depth}, β = {beta:g}, δ = {delta:g}"
            counts.append((above, len(rows), delta, place))
    return _largest_share(counts)


def _outside(
    data: PaperData, column: str, limits: Callable[[int, float], tuple[float, float]]
) -> Measurement:
    counts = []
    for width, depth, beta, rows in _points(data, "lengths"):
        if beta != 0.5:
            continue
        values = _squared(rows, column)
        for delta in _DELTAS:
            low, high = limits(width, delta)
            outside = int(((values <= low) | (values >= high)).sum())
            place = f"d = {width}, L = {depth}, δ = {delta:g}"
            counts.append((outside, len(rows), delta, place))
    if not counts:
        raise NotTested("needs β = 1/2")
    return _largest_share(counts)


def theorem(data: PaperData) -> Measurement:
    """Largest of (fraction outside the theorem's bounds)/δ over d, L and δ, β = ½."""
    return _outside(data, "output_change", change_bounds)


def as_drawn(data: PaperData) -> Measurement:
    """The same for ‖h_L‖²/‖h_0‖² and the bounds without ∓ 1, as figure 2 draws them."""
    return _outside(data, "output_norm", norm_bounds)


def mean_over_lower(data: PaperData) -> Measurement:
    """Mean over networks of the squared change over (1 + α²/2)^L − 1, all points."""
    relative = [
        _squared(rows, "output_change") / mean_squared_change_bounds(depth, beta)[0]
        for _, depth, beta, rows in _points(data, "lengths")
    ]
    return Measurement(mean_interval(np.concatenate(relative), LEVEL), expected=1.0)


def mean_over_upper(data: PaperData) -> Measurement:
    """Largest over points of the mean squared change over (1 + α²)^L − 1."""
    shares = []
    for _, depth, beta, rows in _points(data, "lengths"):
        upper = mean_squared_change_bounds(depth, beta)[1]
        shares.append(mean_interval(_squared(rows, "output_change") / upper, LEVEL))
    return Measurement(max(shares, key=lambda share: share.high))


def looseness(data: PaperData, bound: str, width: int, delta: float) -> Measurement:
    """Upper bound over the quantile that it bounds, β = ½, deepest networks.

    "markov": 2/δ over the quantile 1 − δ; "theorem": over the quantile 1 − δ/2, half of δ being
    left to the other side.
    """
    rows = data.rows("bounds", sampler="lengths", width=width, beta=0.5)
    depth = int(rows["depth"].max())
    change = _squared(rows[rows["depth"] == depth], "output_change")
    if len(change) < 10_000:
        raise NotTested("needs 10,000 networks or more")
    if bound == "markov":
        limit, probability = float(markov_bound(depth, 0.5, delta)), 1 - delta
    else:
        limit, probability = float(change_bounds(width, delta)[1]), 1 - delta / 2
    quantile = quantile_interval(change, probability, LEVEL)
    return Measurement(
        Estimate(limit / quantile.value, limit / quantile.high, limit / quantile.low),
        note=f"bound {limit:.3g}, quantile {quantile.value:.3g} at L = {depth}",
    )
