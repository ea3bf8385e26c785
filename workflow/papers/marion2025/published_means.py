"""Means over networks against published ones, which are means of 50 networks themselves.

Ratios of lengths are nearly log-normal: the interval in which the mean of 50 other networks of the same
law would lie is that of `deepinit.stats.log_normal_mean`.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from deepinit.stats.intervals import Estimate
from deepinit.stats.log_normal_mean import further_mean, further_mean_limits, further_mean_score
from deepinit.stats.scores import normal_score, normal_tail
from study.verdicts import LEVEL, Measurement, NotTested

#: Networks behind a published mean.
NETWORKS = 50


class Point(NamedTuple):
    """A published mean, its reading error, and decimal logarithms of our ratios there."""

    place: str
    ratio: float
    reading_error: float
    logs: np.ndarray


def mean_against_published(logs: np.ndarray) -> Measurement:
    """Return the mean of the ratios; slack: what a mean of as many networks as published may be off by.

    The interval and the slack together hold a mean of 50 other networks with 99.9 %.
    """
    law, others = (np.power(10.0, further_mean(logs, count, LEVEL)) for count in (np.inf, NETWORKS))
    return Measurement(Estimate(*law.tolist()), slack=float(np.abs(others - law)[1:].max()))


def log10_mean_against_published(logs: np.ndarray) -> Measurement:
    """Return the same in decimal logarithms, for ratios so far apart that a mean of 50 hangs on a few.

    Means of 50 resampled from ours would say less: the largest of 2000 networks is exceeded by one of 50
    others once in forty times, so that the upper end of their 99.9 % is too low.
    """
    law, others = (np.array(further_mean(logs, count, LEVEL)) for count in (np.inf, NETWORKS))
    slack = float(np.abs(others - law)[1:].max())
    return Measurement(
        Estimate(*law.tolist()),
        slack=slack,
        note=f"a mean of {NETWORKS} networks, as published, is uncertain by a factor of {10**slack:.2g} "
        f"itself, however many there are of ours ({len(logs)})",
    )


def largest_score(points: Iterable[Point], fewest: int, widest: float = np.inf) -> Measurement:
    """Return the largest difference of published means to ours, as a standard normal score.

    Expected: its 99.9 % quantile if both have the same law (Bonferroni).

    Args:
        points: those that the preset computes.
        fewest: points needed.
        widest: largest factor between the two that may go unseen at any point: half of the interval
            in logarithms, and of what the published mean may be read as.

    Raises:
        NotTested: fewer points, or none differs and a larger factor would go unseen.
    """
    points = list(points)
    if len(points) < fewest:
        raise NotTested(f"needs {fewest} published depths or more")
    threshold = float(normal_score((1 - LEVEL) / (2 * len(points))))
    scores, seen = [], []
    for point in points:
        read = point.ratio - point.reading_error, point.ratio + point.reading_error
        scores.append(further_mean_score(point.logs, NETWORKS, *read))
        _, low, high = further_mean_limits(point.logs * np.log(10), NETWORKS, threshold)
        seen.append(float(np.exp((high - low) / 2) * np.sqrt(read[1] / read[0])))
    worst = int(np.argmax(scores))
    if max(seen) > widest and scores[worst] <= threshold:
        raise NotTested(
            f"needs more networks: at {points[int(np.argmax(seen))].place} means that differ by a factor "
            f"of {max(seen):.2g} may have the same distribution"
        )
    chance = min(1.0, 2 * len(points) * float(normal_tail(scores[worst])))
    return Measurement(
        Estimate.exactly(scores[worst]),
        expected=threshold,
        note=f"measured: the largest of {len(points)} differences, as a standard normal score, at "
        f"{points[worst].place}, of p = {chance:.2g}; published: its 99.9 % quantile, at which factors of "
        f"{min(seen):.3g} to {max(seen):.3g} would show",
    )
