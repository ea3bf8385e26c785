"""What the drawing of the learning curves and the measurements on them read."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.training.initialisation_arms import ARMS
from papers.luther2019.learning_curves.common_rate import (
    best_rates,
    by_other_half,
    capped_log_losses,
    common_rate,
)

#: Share of the iterations, the last ones, whose mean is the final loss.
_FINAL = 0.1


@dataclass(frozen=True)
class Trained:
    """What became of one architecture.

    Attributes:
        rows: of the table.
    """

    rows: pd.DataFrame

    @cached_property
    def rates(self) -> list[float]:
        """Learning rates, rising."""
        return sorted(map(float, self.rows["rate"].unique()))

    @cached_property
    def losses(self) -> NDArray[np.float64]:
        """Final losses, (rates, arms, seeds), arms in the order of `ARMS`; NaN where a network diverged."""
        last = self.rows[self.rows["iteration"] > (1 - _FINAL) * self.rows["iteration"].max()]
        groups = last.groupby(["rate", "arm", "seed"])["loss"]
        grid = groups.agg(lambda losses: losses.mean(skipna=False)).unstack("seed")
        return np.array([[grid.loc[(rate, arm)].to_numpy() for arm in ARMS] for rate in self.rates])

    @property
    def constant_loss(self) -> float:
        """Loss of the best constant answer."""
        return float(self.rows["constant_loss"].iloc[0])

    @property
    def log_losses(self) -> NDArray[np.float64]:
        """ln of the final losses, those of networks that learned nothing as the constant answer's."""
        return capped_log_losses(self.losses, self.constant_loss)

    @property
    def best_rates(self) -> NDArray[np.intp]:
        """Position of each arm's own best rate, which all seeds chose."""
        return best_rates(self.losses, self.constant_loss)

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """Of the common rate in the grid for each seed, which the other half of the seeds chose."""
        return by_other_half(lambda part: common_rate(part, self.constant_loss), self.losses)

    def own_rates(self, arm: str) -> NDArray[np.intp]:
        """Return for every seed the position of the arm's best rate for the other half, (seeds,)."""
        number = ARMS.index(arm)
        return by_other_half(
            lambda part: int(best_rates(part, self.constant_loss)[number]), self.losses
        )

    def log_losses_at(self, positions: NDArray[np.intp], arm: str) -> NDArray[np.float64]:
        """Return `log_losses` of an arm, every seed at a rate of its own, (seeds,)."""
        return self.log_losses[positions, ARMS.index(arm), np.arange(len(positions))]

    @property
    def at_common_rate(self) -> pd.DataFrame:
        """The rows of every network at its common rate."""
        seeds = np.sort(self.rows["seed"].unique())
        rate_of = pd.Series(np.array(self.rates)[self.positions], seeds)
        return self.rows[self.rows["rate"] == self.rows["seed"].map(rate_of)]

    def named(self, positions: NDArray[np.intp]) -> str:
        """Return the rates of some positions in words."""
        return " and ".join(f"{self.rates[position]:g}" for position in np.unique(positions))


ByArchitecture = dict[str, Trained]


def trained(table: pd.DataFrame) -> ByArchitecture:
    """Return architecture ↦ what became of it."""
    return {name: Trained(rows) for name, rows in table.groupby("architecture")}
