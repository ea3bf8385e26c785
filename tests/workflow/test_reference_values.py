"""Published values: what the table of sources says of each file, and what the file has."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from project import SECTIONS

from study.code_hash import WORKFLOW

FOLDER = WORKFLOW / "papers"
SOURCES = pd.read_csv(FOLDER / "published.csv").set_index("file")


def number_or_name(text: str) -> float | str:
    """Return what a value of a grid stands for."""
    try:
        return float(Fraction(text))
    except ValueError:
        return text


def grid_of(text: str) -> dict[str, np.ndarray]:
    """Return column ↦ values of a grid as the table writes it."""
    grid = {}
    for entry in text.split("; "):
        name, values = entry.split("=")
        if ":" in values:
            first, last, count = values.split(":")
            grid[name] = np.linspace(float(Fraction(first)), float(Fraction(last)), int(count))
        else:
            grid[name] = np.sort([number_or_name(value) for value in values.split(",")])
    return grid


def test_every_file_has_its_source_and_every_source_its_file():
    files = {file.relative_to(FOLDER).as_posix() for file in FOLDER.glob("*/*/published/*.csv")}
    assert files == set(SOURCES.index) and SOURCES.index.is_unique
    asked = ["figure", "source", "place", "how", "reading_error", "rows", "grid"]
    assert SOURCES[asked].notna().all(axis=None)
    assert set(SOURCES["figure"]) <= SECTIONS.keys()


@pytest.mark.parametrize("file", SOURCES.index)
def test_a_file_has_the_rows_and_the_grid_that_its_source_states(file: str):
    frame, stated = pd.read_csv(FOLDER / file), SOURCES.loc[file]
    assert len(frame) == stated["rows"]
    grid = grid_of(stated["grid"])
    for name, values in grid.items():
        # A map has a column for each H.
        given = frame[name] if name in frame else frame.columns.drop("beta")
        found = np.sort(given.unique().astype(values.dtype))
        if values.dtype.kind == "U":
            assert found.tolist() == values.tolist()
        else:
            np.testing.assert_allclose(found, values, rtol=0, atol=6e-5)
    assert not frame.duplicated([name for name in grid if name in frame]).any()
    error = stated["reading_error"]
    assert "reading_error" in frame if error == "in the file" else float(error) >= 0
