"""A figure at the papers' scale, from tables that were computed once and are kept (results/recorded)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from study.figure_data import FigureData
from study.tables import read_table
from study.verdicts import NotTested


class RecordedTables(dict[str, pd.DataFrame]):
    """Tables by figure key; what needs one that is not recorded cannot be tested."""

    def __missing__(self, key: str) -> pd.DataFrame:
        raise NotTested(f"needs the table of {key}, which is not recorded")


class Recorded(NamedTuple):
    """What there is of a figure at the papers' scale.

    Attributes:
        data: tables, the settings of that scale, and published values.
        preset: the preset that has these settings.
        made: on which devices and when, in words.
        share: how many of the grid points there are if some are missing, in words.
    """

    data: FigureData
    preset: str
    made: str
    share: str = ""

    @property
    def how(self) -> str:
        """All that is said of it."""
        return "; ".join(filter(None, (self.made, self.share)))

    @property
    def table(self) -> pd.DataFrame:
        """The table that the figure draws."""
        return self.data.tables[self.data.drawn]

    @property
    def settings(self) -> SimpleNamespace:
        """The settings with which it was computed."""
        return SimpleNamespace(**self.data.settings[self.data.drawn])


def recorded_data(known: Mapping[str, Any], files: Sequence[Path], own: FigureData) -> Recorded:
    """Return what is recorded of a figure.

    Args:
        known: what the job's specification says of it: "preset", its "settings" by figure key, "tables"
            with the row of the manifest by path, the number of the preset's grid points, "points", and
            the columns that tell them apart, "point_keys".
        files: the tables, results/recorded/tables/<paper>/<figure>/<part>.parquet.
        own: the figure as this run has it; the published values are the same.
    """
    frames: dict[str, list[pd.DataFrame]] = {}
    for path in files:
        frames.setdefault(path.parent.name, []).append(read_table(path))
    tables = RecordedTables(
        (key, pd.concat(found, ignore_index=True)) for key, found in frames.items()
    )
    data = FigureData(own.figure, tables, known["settings"], own.published)
    rows = known["tables"].values()
    devices = {row["device"].partition(",")[0] for row in rows}
    made = f"{' and '.join(sorted(devices))}; {', '.join(sorted({row['date'] for row in rows}))}"
    there = len(point_rows(tables[data.drawn], known["point_keys"]))
    share = f"{there} of {known['points']} grid points" if there < known["points"] else ""
    return Recorded(data, known["preset"], made, share)


def point_rows(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the grid points of a table, a row each, by those of their keys that are columns."""
    return frame[[key for key in keys if key in frame]].drop_duplicates()
