"""Which results that lie here this checkout would make otherwise, by what they say themselves.

Snakemake compares settings and code of what it has made here. What was copied, computed without it or
touched it takes for up to date, so tables and figures are asked.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.expected import Recipe, expected_files, jobs_behind, table_path
from study.config import Config
from study.errors import UserError
from study.files import sha256
from study.metadata import provenance_of


def files_of(config: Config, target: str) -> dict[str, Recipe]:
    """Return path ↦ job of the files whose jobs `target` runs: a figure's key, or "all"."""
    if target == "all":
        return expected_files(config)
    paper, _, figure = target.partition("_")
    return {path: job for job in jobs_behind(config, paper, figure) for path in job.outputs}


def tables_of(config: Config, target: str) -> list[str]:
    """Return the table of a figure, or those it draws if it has none; none for other targets.

    They belong to what is asked for, and Snakemake would not miss them beside the drawing.
    """
    paper, _, figure = target.partition("_")
    section = config.figures().get(paper, {}).get(figure)
    if section is None:
        return []
    keys = (figure,) if section.parts() else section.reads
    return [table_path(config.preset, paper, key) for key in keys]


def outdated(files: Mapping[str, Recipe]) -> list[str]:
    """Return those of the tables and figures among `files` that are there and would be made otherwise.

    A figure is asked by its PDF, which knows the checksums of what it was drawn from, for its PNG and
    verdicts too. What follows from an outdated file is made again with it.
    """
    return [
        path
        for path in files
        if path.endswith((".parquet", ".pdf")) and Path(path).is_file() and _differs(path, files)
    ]


def _differs(path: str, files: Mapping[str, Recipe]) -> bool:
    job = files[path]
    try:
        made = provenance_of(Path(path))
        if (made.get("spec"), made.get("code")) != (job.spec, job.code):
            return True
        if made["kind"] == "figure":
            read = {file for found in job.inputs.values() for file in found}
            # Tables that were deleted, to save space perhaps, do not count.
            there = {file: sha256(Path(file)) for file in read if Path(file).is_file()}
            return made["inputs"].keys() != read or not there.items() <= made["inputs"].items()
    except (KeyError, OSError, UserError):
        return True
    if "part" not in job.inputs:
        return False
    # A table whose parts were deleted, to save space perhaps, tells which they were.
    parts = {Path(part).stem: files[part] for part in job.inputs["part"]}
    given = made["sources"]["specifications"]
    specs = {part: {**given["shared"], **spec} for part, spec in given["parts"].items()}
    codes = sorted({part.code for part in parts.values()})
    return made["sources"]["code"] != codes or specs != {n: part.spec for n, part in parts.items()}
