"""How far published bounds lie from the quantiles that they bound: the least of several factors."""

from collections.abc import Iterable

from deepinit.stats.intervals import Estimate


def turned(estimate: Estimate) -> Estimate:
    """Return value and limits with the upper one first, for what they divide."""
    return Estimate(estimate.value, estimate.high, estimate.low)


def least(found: Iterable[tuple[float, float, float, str]]) -> tuple[Estimate, str]:
    """Return the least of bounds over quantiles, each with its limits and its place, and where it is."""
    values, lows, highs, places = zip(*found, strict=True)
    return Estimate(min(values), min(lows), min(highs)), places[values.index(min(values))]
