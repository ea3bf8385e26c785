"""What a figure's drawing and its measurements read: tables, settings and published values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from study.job import Job
from study.verdicts import NotTested

#: Frames by name: tables of figures by key, published values by stem.
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class FigureData:
    """Tables and settings of a figure and of those that it reads, and published values.

    Attributes:
        figure: its key.
        tables: table by figure key.
        settings: settings by figure key.
        published: the CSV files of the figure by stem, and of those whose values it reads too.
    """

    figure: str
    tables: Tables
    settings: dict[str, dict[str, Any]]
    published: Tables

    @classmethod
    def of_job(cls, job: Job) -> "FigureData":
        """Return what a presenting job was given."""
        own, spec = job.spec["figure"], job.spec
        tables = {key: job.table(key) for key in spec["read_settings"] if key in job.inputs}
        if "table" in job.inputs:
            tables[own] = job.table()
        settings = {own: spec["settings"], **spec["read_settings"]}
        files = job.inputs.get("published", [])
        return cls(own, tables, settings, {path.stem: pd.read_csv(path) for path in files})

    @property
    def drawn(self) -> str:
        """The key of the figure whose table it draws: its own, or else the first that it reads."""
        return self.figure if self.figure in self.tables else next(iter(self.tables), self.figure)

    def rows(self, figure: str, **where: Any) -> pd.DataFrame:
        """Return `rows_where` of a figure's table."""
        return rows_where(self.tables[figure], **where)


def rows_where(frame: pd.DataFrame, **where: Any) -> pd.DataFrame:
    """Return the rows of a table in which the columns have the given values.

    Raises:
        NotTested: there are none, or fewer than two.
    """
    for column, value in where.items():
        frame = frame[frame[column] == value]
    if len(frame) < 2:
        raise _not_computed(where)
    return frame


def part_where(parts: Mapping[Any, Any], **where: Any) -> Any:
    """Return the part of a summary at these values, which its keys have in this order.

    Raises:
        NotTested: there is none.
    """
    place = tuple(where.values())
    place = place if len(place) > 1 else place[0]
    if place not in parts:
        raise _not_computed(where)
    return parts[place]


def _not_computed(where: Mapping[str, Any]) -> NotTested:
    wanted = ", ".join(f"{column} = {value}" for column, value in where.items())
    return NotTested(f"needs {wanted}, which this preset does not compute")
