"""What the drawing of the learning curves and the measurements on them read."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from papers.luther2019.learning_curves.common_rate import FinalLosses, final_losses


class Trained(NamedTuple):
    """What became of one architecture.

    Attributes:
        rows: of the table.
        final: final losses.
        positions: of the common rate in the grid for each seed, which the other half of the seeds chose.
    """

    rows: pd.DataFrame
    final: FinalLosses
    positions: NDArray[np.intp]

    @property
    def at_common_rate(self) -> pd.DataFrame:
        """The rows of every network at its common rate."""
        rate_of = pd.Series(
            np.array(self.final.rates)[self.positions], np.sort(self.rows["seed"].unique())
        )
        return self.rows[self.rows["rate"] == self.rows["seed"].map(rate_of)]

    def named(self, positions: NDArray[np.intp]) -> str:
        """Return the rates of some positions in words."""
        return " and ".join(f"{self.final.rates[position]:g}" for position in np.unique(positions))


ByArchitecture = dict[str, Trained]


def trained(table: pd.DataFrame) -> ByArchitecture:
    """Return architecture ↦ what became of it."""
    found = {}
    for name, rows in table.groupby("architecture"):
        final = final_losses(rows)
        found[name] = Trained(rows, final, final.common_rates())
    return found
