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

import numpy as np
from numpy.typing import ArrayLike, NDArray


def capped_log_losses(losses: ArrayLike, constant_loss: float) -> NDArray[np.float64]:
    """Return ln of `losses`, those of networks that learned nothing counted as `constant_loss`.

    Args:
        losses: any shape; not finite where a network diverged.
        constant_loss: loss of the best constant answer, positive.
    """
    losses = np.asarray(losses, dtype=np.float64)
    return np.log(np.where(losses < constant_loss, losses, constant_loss))


def common_rate(losses: ArrayLike, constant_loss: float) -> int:
    """Return the position of the rate that the rule takes, the first of several equal ones.

    Args:
        losses: final losses, (rates, arms, seeds); not finite where a network diverged.
        constant_loss: loss of the best constant answer, positive.
    """
    logs = capped_log_losses(losses, constant_loss).mean(axis=2)
    regrets = logs - logs.min(axis=0)
    return int(regrets.max(axis=1).argmin())


def best_rates(losses: ArrayLike, constant_loss: float) -> NDArray[np.intp]:
    """Return the position of each arm's own best rate, (arms,); arguments as in `common_rate`."""
    return capped_log_losses(losses, constant_loss).mean(axis=2).argmin(axis=0)


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
