"""What drawings and measurements of several figures read: σ² of networks, and what m² and v² are of it."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from deepinit.stats.intervals import Estimate, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested


class TotalAndShares(NamedTuple):
    """σ² and its two shares; one row per network, one column a layer.

    Attributes:
        total: σ² = m² + v².
        squared_mean: m²/σ².
        variance: v²/σ².
    """

    total: pd.DataFrame
    squared_mean: pd.DataFrame
    variance: pd.DataFrame


def total_and_shares(frame: pd.DataFrame) -> TotalAndShares:
    """Return them for the networks of one curve, which a table has one row per network and layer of."""
    place = [name for name in ("block", "network", "layer") if name in frame]
    wide = frame.set_index(place)[["squared_mean", "variance"]].unstack("layer")
    total = wide["squared_mean"] + wide["variance"]
    return TotalAndShares(total, wide["squared_mean"] / total, wide["variance"] / total)


def intervals(networks: pd.DataFrame) -> NDArray[np.float64]:
    """Return the mean over networks and its 95 % interval by layer, shape (3, layers)."""
    return np.array([mean_interval(networks[layer], 0.95) for layer in networks]).T


def difference(first: ArrayLike, second: ArrayLike, level: float = LEVEL) -> Estimate:
    """Return the difference of two means over networks with Welch's interval."""
    low, high = scipy.stats.ttest_ind(first, second, equal_var=False).confidence_interval(level)
    return Estimate(float(np.mean(first) - np.mean(second)), float(low), float(high))


def smallest_step(groups: Iterable[ArrayLike]) -> Measurement:
    """Return the increase of the mean from one group of networks to the next, where least certain.

    Raises:
        NotTested: there is one group.
    """
    pairs = list(pairwise(groups))
    if not pairs:
        raise NotTested("needs two curves or more")
    level = 1 - (1 - LEVEL) / len(pairs)
    steps = [difference(above, below, level) for below, above in pairs]
    return Measurement(min(steps, key=lambda step: step.low))
