"""What is kept of the papers' scale, results/recorded: its manifest, and what jobs are told of it."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from study.code_hash import WORKFLOW
from study.load import carried_preset

#: The preset at whose settings tables are recorded.
PRESET = "paper"
RECORDED = Path("results/recorded")
MANIFEST = RECORDED / "manifest.csv"


@cache
def manifest() -> tuple[dict[str, str], ...]:
    """Return the rows of the manifest; `table` in each is a path relative to results/recorded."""
    path = WORKFLOW.parent / MANIFEST
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def recorded_tables(paper: str, *figures: str) -> dict[str, dict[str, str]]:
    """Return path, relative to the project ↦ row of the manifest, of all recorded tables of these figures."""
    folders = {Path("tables", paper, figure) for figure in figures}
    return {
        (RECORDED / row["table"]).as_posix(): row
        for row in manifest()
        if Path(row["table"]).parent in folders
    }


def recorded_spec(paper: str, figure: str) -> dict[str, Any]:
    """Return what `study.recorded.recorded_data` has to know; nothing if the table drawn is not there."""
    config = carried_preset(PRESET)
    sections = config.figures()[paper]
    section = sections[figure]
    drawn = next(iter([figure] if section.parts() else section.reads), figure)
    if not recorded_tables(paper, drawn):
        return {}
    points = [point for part in sections[drawn].parts().values() for point in part["points"]]
    tables = recorded_tables(paper, drawn, *section.reads)
    settings = {key: sections[key].model_dump(mode="json") for key in (figure, *section.reads)}
    return {
        "preset": config.preset,
        "settings": settings,
        "points": len(points),
        "point_keys": list(points[0]),
        "tables": {
            path: {key: row[key] for key in ("sha256", "device", "date")}
            for path, row in tables.items()
        },
    }
