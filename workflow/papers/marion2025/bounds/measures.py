"""Measurements on the bounds in probability (Marion et al. 2025)."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepinit.resnet.bounds import change_bounds, markov_bound, norm_bounds
from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval, quantile_interval
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

_DELTAS = (0.01, 0.05, 0.1, 0.2, 0.5, 0.9)

#: (sampler, width, depth, β) ↦ ratio ↦ its square in each network.
Squared = dict[tuple[str, int, int, float], dict[str, NDArray[np.float64]]]


def outside(values: NDArray[np.float64], low: ArrayLike, high: ArrayLike) -> NDArray[np.int64]:
    """Return how many of the values lie outside the bounds, or on one: a number for each bound."""
    return ((values[:, None] <= low) | (values[:, None] >= high)).sum(axis=0)


def exceeding(values: NDArray[np.float64], bound: ArrayLike) -> NDArray[np.int64]:
    """Return how many of the values lie above a bound: a number for each bound."""
    return (values[:, None] > bound).sum(axis=0)


def upper_bound(bound: str, width: int, delta: float) -> tuple[float, float]:
    """Return an upper bound at β = ½ and the probability of the quantile that it bounds.

    "markov": 2/δ and 1 − δ; "theorem": 1 − δ/2, half of δ being left to the other side.
    """
    if bound == "markov":
        return float(markov_bound(1, 0.5, delta)), 1 - delta
    return float(change_bounds(width, delta)[1]), 1 - delta / 2


def _points(
    squared: Squared, sampler: str
) -> Iterator[tuple[int, int, float, dict[str, NDArray[np.float64]]]]:
    """Yield (width, depth, β, squares) of every point of a sampler."""
    for (own, width, depth, beta), squares in squared.items():
        if own == sampler:
            yield width, depth, beta, squares


def _largest_share(counts: Iterable[tuple[int, int, float, str]]) -> Measurement:
    """Return the largest fraction of exceptions over δ; counts of (exceptions, networks, δ, place).

    The interval's ends are the largest lower and upper limits, at LEVEL for all together
    (Bonferroni).

    Raises:
        NotTested: too few networks for the upper limit of no exception at all to lie below δ.
    """
    counts = list(counts)
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


def markov(squared: Squared, sampler: str, column: str) -> Measurement:
    """Largest of (fraction above 2 L α²/δ)/δ over points and δ."""
    counts = []
    for width, depth, beta, squares in _points(squared, sampler):
        change = squares[f"{column}_change"]
        above = exceeding(change, markov_bound(depth, beta, _DELTAS))
        place = f"d = {width}, L = {depth}, β = {beta:g}"
        counts += [
            (int(count), len(change), delta, f"{place}, δ = {delta:g}")
            for count, delta in zip(above, _DELTAS, strict=True)
        ]
    return _largest_share(counts)


def _largest_outside(squared: Squared, column: str, limits: Callable) -> Measurement:
    """Return the largest of (fraction outside `limits`)/δ over points at β = ½ and δ."""
    counts = []
    for width, depth, beta, squares in _points(squared, "lengths"):
        if beta != 0.5:
            continue
        exceptions = outside(squares[column], *limits(width, _DELTAS))
        counts += [
            (int(count), len(squares[column]), delta, f"d = {width}, L = {depth}, δ = {delta:g}")
            for count, delta in zip(exceptions, _DELTAS, strict=True)
        ]
    return _largest_share(counts)


def theorem(squared: Squared) -> Measurement:
    """Largest of (fraction outside the theorem's bounds)/δ over d, L and δ, β = ½."""
    return _largest_outside(squared, "output_change", change_bounds)


def as_drawn(squared: Squared) -> Measurement:
    """The same for ‖h_L‖²/‖h_0‖² and the bounds without ∓ 1, as figure 2 draws them."""
    return _largest_outside(squared, "output_norm", norm_bounds)


def mean_over_lower(squared: Squared) -> Measurement:
    """Mean over networks of the squared change over (1 + α²/2)^L − 1, all points."""
    relative = [
        squares["output_change"] / mean_squared_change_bounds(depth, beta)[0]
        for _, depth, beta, squares in _points(squared, "lengths")
    ]
    return Measurement(mean_interval(np.concatenate(relative), LEVEL), expected=1.0)


def mean_over_upper(squared: Squared) -> Measurement:
    """Largest over points of the mean squared change over (1 + α²)^L − 1."""
    shares = []
    for _, depth, beta, squares in _points(squared, "lengths"):
        upper = mean_squared_change_bounds(depth, beta)[1]
        shares.append(mean_interval(squares["output_change"] / upper, LEVEL))
    return Measurement(max(shares, key=lambda share: share.high))


def looseness(
    data: FigureData, squared: Squared, bound: str, width: int, delta: float
) -> Measurement:
    """Upper bound over the quantile that it bounds, β = ½, deepest networks (`upper_bound`)."""
    rows = data.rows("bounds", sampler="lengths", width=width, beta=0.5)
    depth = int(rows["depth"].max())
    change = squared["lengths", width, depth, 0.5]["output_change"]
    if len(change) < 10_000:
        raise NotTested("needs 10,000 networks or more")
    limit, probability = upper_bound(bound, width, delta)
    quantile = quantile_interval(change, probability, LEVEL)
    return Measurement(
        Estimate(limit / quantile.value, limit / quantile.high, limit / quantile.low),
        note=f"bound {limit:.3g}, quantile {quantile.value:.3g} at L = {depth}",
    )
