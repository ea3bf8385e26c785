"""How much a positive number grows from layer to layer, over independent networks.

Failure mode 1 of Hanin & Rolnick (2018) is that the mean of M_d grows or decays exponentially in depth. The
sample mean of M_d says little of it in narrow networks, where the mean is carried by rare ones. The factor
F_l = M_l/M_{l−1} of one layer is nearly normal, and with log E F_l = E log F_l + k_l

    log E M_d/M_0 = log P(alive) + E log M_d/M_0 + r Σ_l k_l,

the last two over networks in which M_d > 0, r = 1 where factors are independent, as in a ReLU network
without biases. Elsewhere lengths may come back to where they were, and k_l ≈ Var(log F_l)/2 does not add up
over layers; r is then estimated as

    r = Var(log M_d/M_0)/Σ_l Var(log F_l)

(derived here: exact for log-normal lengths). Intervals are Student's over networks, from the first-order
influence of each network on the sum where r = 1, else from the jackknife over all networks. A share of
dead networks of which none was seen is not in them.

Failure mode 2 is how much lengths differ between networks: `deviation` of log M_d.
"""

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from deepinit.stats.intervals import Estimate, TooFewReplicates
from deepinit.stats.scores import normal_score, student_score


class Growth(NamedTuple):
    """log E M_d/M_0 with its interval, and over how many layers."""

    total: Estimate
    layers: int

    @property
    def per_layer(self) -> Estimate:
        """The factor exp(total/layers) of one layer."""
        return self.total.map(lambda part: np.exp(part / self.layers))


def log_growth(values: NDArray[np.float64], level: float, independent: bool = False) -> Growth:
    """Return the growth of the mean from M_0 to M_d.

    Args:
        values: M_0 … M_d of N networks, shape (N, d + 1), not negative. A network counts up to the first
            layer where it is zero; layers count up to the last that four networks reach alive.
        level: of the interval.
        independent: whether r = 1 is known.

    Raises:
        TooFewReplicates: fewer than two networks, or four of which the factors may be dependent.
    """
    least = 2 if independent else 4
    reached = int(((values > 0).sum(axis=0) >= least).cumprod().sum()) - 1
    if reached < 1:
        raise TooFewReplicates(f"an interval needs {least} networks with activations in layer 1")
    values = values[:, : reached + 1]
    value, error = (_independent if independent else _dependent)(values)
    half = error * float(student_score((1 - level) / 2, len(values) - 1))
    return Growth(Estimate.around(value, half), reached)


def deviation(values: NDArray[np.float64], level: float) -> Estimate:
    """Return the standard deviation of independent numbers with the interval of Bonett (2006).

    For laws of moderate tails: the kurtosis, about a trimmed mean, enters the error of log s².

    Raises:
        TooFewReplicates: fewer than five.
    """
    count = len(values)
    if count < 5:
        raise TooFewReplicates("an interval of a standard deviation needs five networks")
    z = float(normal_score((1 - level) / 2))
    variance = float(values.var(ddof=1))
    if not variance:
        return Estimate.exactly(0.0)
    middle = scipy.stats.trim_mean(values, 1 / (2 * np.sqrt(count - 4)) if count > 5 else 0)
    kurtosis = count * ((values - middle) ** 4).sum() / ((count - 1) * variance) ** 2
    correction = count / max(count - z, 1)
    half = correction * z * np.sqrt(max(kurtosis - (count - 3) / count, 0) / (count - 1))
    logs = np.log(variance) + np.array([0, np.log(correction) - half, np.log(correction) + half])
    return Estimate(*(float(part) for part in np.exp(logs / 2)))


def _independent(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return Σ_l log of the mean of F_l, and its standard error."""
    below, above = values[:, :-1], values[:, 1:]
    alive = below > 0
    count = alive.sum(axis=0)
    factors = np.divide(above, below, out=np.zeros_like(above), where=alive)
    mean = factors.sum(axis=0) / count
    relative = np.where(alive, factors / mean - 1, 0)
    # The logarithm of a mean of n numbers lies Var F/(2 n E² F) too low.
    bias = ((relative**2).sum(axis=0) / (count - 1) / (2 * count)).sum()
    moved = (relative * (len(values) / count)).sum(axis=1)
    return float(np.log(mean).sum() + bias), float(moved.std(ddof=1) / np.sqrt(len(values)))


def _dependent(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the growth with r estimated, and its standard error by the jackknife, dead networks included."""
    if (values > 0).all(axis=1).sum() < 4:
        raise TooFewReplicates("an interval needs four networks that are alive in every layer")
    count = len(values)
    without = [_log_mean(np.delete(values, k, axis=0)) for k in range(count)]
    return _log_mean(values), float(np.sqrt((count - 1) * np.var(without)))


def _log_mean(values: NDArray[np.float64]) -> float:
    alive = values[(values > 0).all(axis=1)]
    logs = np.log(alive)
    steps = np.diff(logs, axis=1)
    largest = steps.max(axis=0)
    excess = np.log(np.exp(steps - largest).mean(axis=0)) + largest - steps.mean(axis=0)
    whole = logs[:, -1] - logs[:, 0]
    single = steps.var(axis=0, ddof=1).sum()
    share = whole.var(ddof=1) / single if single else 1.0
    return float(whole.mean() + share * excess.sum() + np.log(len(alive) / len(values)))
