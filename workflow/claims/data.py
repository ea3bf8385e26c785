"""What measurements read: the tables of one paper, its settings and published grids."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from study.tables import read_table
from study.verdicts import NotTested


@dataclass(frozen=True)
class PaperData:
    """Tables by figure key, settings by figure key, published grids by file stem."""

    tables: dict[str, pd.DataFrame]
    settings: dict[str, Any]
    published: dict[str, pd.DataFrame]

    @classmethod
    def read(
        cls, tables: list[Path], settings: dict[str, Any], published: list[Path]
    ) -> "PaperData":
        """Return the data read from Parquet tables and CSV grids."""
        return cls(
            {path.stem: read_table(path) for path in tables},
            settings,
            {path.stem: pd.read_csv(path) for path in published},
        )

    def rows(self, figure: str, **where: Any) -> pd.DataFrame:
        """Return the rows of a figure's table in which the columns have the given values.

        Raises:
            NotTested: there are none, or fewer than two.
        """
        frame = self.tables[figure]
        for column, value in where.items():
            frame = frame[frame[column] == value]
        if len(frame) < 2:
            wanted = ", ".join(f"{column} = {value}" for column, value in where.items())
            raise NotTested(f"needs {wanted}, which this preset does not compute")
        return frame
