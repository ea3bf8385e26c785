"""What the drawing of the learning curves and the measurements on them read."""

from typing import NamedTuple

import pandas as pd

from deepinit.training.common_rate import CommonRate
from deepinit.training.final_losses import FinalLosses, final_losses


class Trained(NamedTuple):
    """What became of one architecture.

    Attributes:
        rows: of the table.
        final: final losses.
        rule: the rate for all arms.
    """

    rows: pd.DataFrame
    final: FinalLosses
    rule: CommonRate

    @property
    def rate(self) -> float:
        """The common rate."""
        return self.final.rates[self.rule.chosen]

    @property
    def at_common_rate(self) -> pd.DataFrame:
        """The rows at the common rate."""
        return self.rows[self.rows["rate"] == self.rate]


ByArchitecture = dict[str, Trained]


def trained(table: pd.DataFrame) -> ByArchitecture:
    """Return architecture ↦ what became of it."""
    found = {}
    for name, rows in table.groupby("architecture"):
        final = final_losses(rows)
        found[name] = Trained(rows, final, final.common_rate())
    return found
