"""Final training losses of all arms at all rates, from the table of learning curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepinit.training.common_rate import (
    CommonRate,
    by_other_half,
    capped_log_losses,
    common_rate,
)
from deepinit.training.initialisation_arms import ARMS

if TYPE_CHECKING:
    import pandas as pd

#: Share of the iterations, the last ones, whose mean is the final loss.
_FINAL = 0.1


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
