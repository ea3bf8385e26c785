"""One learning rate for several arms, chosen by a rule that favours none of them.

Every arm is trained at every rate of a grid. ℓ(r, a) is the mean over seeds of the logarithm of
the final loss of arm a at rate r, and an arm's *regret* at a rate is how much worse that is than at
the arm's own best rate, ℓ(r, a) − min_r' ℓ(r', a). The rule takes the rate whose largest regret over
the arms is smallest: no arm is kept further from its own best than it must be. (The mean over
arms of ℓ, an obvious alternative, lets the arm that depends most on the rate decide.) Regrets
compare an arm with itself only, so an arm that is better at every rate gains nothing from it.

A network that has diverged, or that is worse than the best constant answer, counts as one that gives
that answer: it has learned nothing. So a rate at which an arm diverges that learns at another one
has a large regret and is out, and an arm that learns at no rate has no say.

Networks on which a rate was chosen flatter it. `by_other_half` lets each half of the seeds choose for the
other, so that every network is compared at a rate in whose choice it had no part: the mean of a difference
between arms has then the expectation that it would have on new networks, at rates chosen on half as many.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deepinit.training.initialisation_arms import ARMS

#: Share of the iterations, the last ones, whose mean is the final loss.
_FINAL = 0.1


class CommonRate(NamedTuple):
    """The outcome of the rule.

    Attributes:
        chosen: position of the rate that the rule takes; the first of several equal ones.
        best: position of each arm's own best rate, (arms,).
    """

    chosen: int
    best: NDArray[np.intp]


def capped_log_losses(losses: ArrayLike, constant_loss: float) -> NDArray[np.float64]:
    """Return ln of `losses`, those of networks that learned nothing counted as `constant_loss`.

    Args:
        losses: any shape; not finite where a network diverged.
        constant_loss: loss of the best constant answer, positive.
    """
    losses = np.asarray(losses, dtype=np.float64)
    return np.log(np.where(losses < constant_loss, losses, constant_loss))


def common_rate(losses: ArrayLike, constant_loss: float) -> CommonRate:
    """Apply the rule.

    Args:
        losses: final losses, (rates, arms, seeds); not finite where a network diverged.
        constant_loss: loss of the best constant answer, positive.
    """
    logs = capped_log_losses(losses, constant_loss).mean(axis=2)
    regrets = logs - logs.min(axis=0)
    return CommonRate(int(regrets.max(axis=1).argmin()), logs.argmin(axis=0))


def by_other_half(
    choose: Callable[[NDArray[np.float64]], int], losses: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return for every seed the position of the rate that the other half of the seeds chooses, (seeds,).

    Args:
        choose: final losses of some seeds ↦ position of a rate.
        losses: final losses, (…, seeds); the first half is the smaller one if they are odd in number.
    """
    seeds = losses.shape[-1]
    first = seeds // 2
    choices = [choose(losses[..., first:]), choose(losses[..., :first])]
    return np.repeat(choices, [first, seeds - first])


@dataclass(frozen=True)
class FinalLosses:
    """Final losses of one architecture.

    Attributes:
        rates: learning rates, rising.
        losses: (rates, arms, seeds), arms in the order of `ARMS`; NaN where a network diverged.
        constant_loss: loss of the best constant answer.
    """

    rates: list[float]
    losses: NDArray[np.float64]
    constant_loss: float

    @property
    def log_losses(self) -> NDArray[np.float64]:
        """ln of the losses, those of networks that learned nothing as the constant answer's."""
        return capped_log_losses(self.losses, self.constant_loss)

    def common_rate(self) -> CommonRate:
        """Return the rate for all arms that all seeds choose, and how."""
        return common_rate(self.losses, self.constant_loss)

    def common_rates(self) -> NDArray[np.intp]:
        """Return for every seed the position of the rate that the other half chooses for all arms."""
        return by_other_half(
            lambda losses: common_rate(losses, self.constant_loss).chosen, self.losses
        )

    def own_rates(self, arm: str) -> NDArray[np.intp]:
        """Return for every seed the position of the arm's best rate for the other half, (seeds,)."""
        number = ARMS.index(arm)
        return by_other_half(
            lambda losses: int(common_rate(losses, self.constant_loss).best[number]), self.losses
        )

    def log_losses_at(self, positions: NDArray[np.intp], arm: str) -> NDArray[np.float64]:
        """Return `log_losses` of an arm, every seed at a rate of its own, (seeds,)."""
        return self.log_losses[positions, ARMS.index(arm), np.arange(len(positions))]


def final_losses(frame: pd.DataFrame) -> FinalLosses:
    """Return the mean losses over the last tenth of the iterations.

    Args:
        frame: rows of one architecture: rate, arm, seed, iteration, loss, constant_loss.
    """
    last = frame[frame["iteration"] > (1 - _FINAL) * frame["iteration"].max()]
    means = last.groupby(["rate", "arm", "seed"])["loss"].agg(
        lambda losses: losses.mean(skipna=False)
    )
    grid = means.unstack("seed")
    rates = sorted(frame["rate"].unique())
    losses = np.array([[grid.loc[(rate, arm)].to_numpy() for arm in ARMS] for rate in rates])
    return FinalLosses(
        [float(rate) for rate in rates], losses, float(frame["constant_loss"].iloc[0])
    )
