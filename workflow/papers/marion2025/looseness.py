"""How far published bounds lie from the quantiles that they bound: the least of several factors."""

from collections.abc import Mapping

from deepinit.stats.intervals import Estimate


def bound_over(bound: float, quantile: Estimate) -> Estimate:
    """Return an upper bound over the quantile that it bounds."""
    return Estimate(bound / quantile.value, bound / quantile.high, bound / quantile.low)


def least(found: Mapping[str, Estimate]) -> tuple[Estimate, str]:
    """Return the least of bounds over quantiles, which are given by place, and where it is."""
    values, lows, highs = zip(*found.values(), strict=True)
    return Estimate(min(values), min(lows), min(highs)), min(found, key=lambda p: found[p].value)
