"""Which results that lie here are what this checkout would make, and which are not.

Beside the log of every job lies a record: the SHA-256 of what it read and wrote, its specification and
the hash of its code. A part of a table without one, as from a cache, is judged by what it says itself and by
the checksums of its pages; anything else without one does not fit.
"""

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.expected import DATA_FOLDER, Expected, expected_files, log_of
from study.config import Config
from study.errors import UserError
from study.files import sha256
from study.metadata import provenance_of
from study.provenance import checkout
from study.tables import read_table


@dataclass
class Judgement:
    """What lies here, each file in one of the first three.

    Attributes:
        fit: what this checkout would make.
        unfit: path ↦ why it would make something else.
        damaged: path ↦ how it shows that the file is not as its job left it.
        foreign: which of them the Snakemake of this folder has no record of: they were copied, or its
            records were lost.
        without_record: how many have no record; of these only tables can be checked.
    """

    fit: set[str] = field(default_factory=set)
    unfit: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    without_record: int = 0


def data_sets() -> list[str]:
    """Return the complete data sets that were fetched, by the records beside them."""
    return sorted(path.with_suffix(".npz").as_posix() for path in Path(DATA_FOLDER).glob("*.json"))


def all_files(config: Config) -> dict[str, Expected | None]:
    """Return path ↦ the job that makes it, for all results; None for complete data sets."""
    return expected_files(config) | dict.fromkeys(data_sets())


def record_of(path: str) -> Path:
    """Return where the run record of a result is expected: beside the log of its job."""
    return Path(log_of(path)).with_suffix(".json")


def read_record(path: str) -> dict[str, Any]:
    """Return the record of the job that wrote the file at `path`; an empty one if there is none.

    A link leads into a cache between workflows: another job wrote what it leads to. A record in a
    copied folder may name the files of the folder it came from.
    """
    try:
        record = json.loads(record_of(path).read_text(encoding="utf-8"))
        named = path in record["outputs"] and not Path(path).is_symlink()
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return record if named else {}


def _sha256(path: str) -> str:
    try:
        return sha256(Path(path))
    except OSError:
        return ""


def _content_error(path: Path) -> str:
    """Return what is wrong with a table by its own checksums; "" if nothing shows, or it is no table."""
    try:
        if path.suffix == ".parquet":
            read_table(path)
    except UserError:
        return "it cannot be read as a table"
    return ""


def _stage(path: str) -> int:
    """Return a number that is larger than that of all results from which this one is made."""
    if "/tables/" in path:
        return int(len(Path(path).parts) == 5)
    if path.endswith(".html"):
        return 4
    return 3 if path.endswith("/verdicts/verdicts.csv") else 2


def _itself(path: str) -> dict[str, Any]:
    """Return what a file says of its origin; nothing if it does not."""
    try:
        return provenance_of(Path(path))
    except UserError:
        return {}


def judge(files: Mapping[str, Expected | None]) -> Judgement:
    """Judge those of `files`, path ↦ how this checkout would make it, that are there.

    A file whose job is at work, or was meanwhile, is left out.
    """
    found, here = Judgement(), checkout()
    there = sorted((path for path in files if Path(path).is_file()), key=_stage)
    records = {path: read_record(path) for path in there}
    names = {*there, *(name for record in records.values() for name in record.get("inputs", {}))}
    with ThreadPoolExecutor() as pool:
        digests = dict(zip(names, pool.map(_sha256, names), strict=True))
    for path in there:
        record = records[path]
        if not digests[path]:
            wrong = "it cannot be read" if Path(path).is_file() else None
        elif record:
            other = record["outputs"][path] != digests[path]
            wrong = "its content is not what its job wrote" if other else None
        else:
            wrong = _content_error(Path(path))
            found.without_record += 1
        if wrong:
            # A job that starts removes its record first.
            if read_record(path) == record:
                found.damaged[path] = wrong
        elif (expected := files[path]) is not None:
            objection = _objection(path, expected, record, files, found.fit, digests)
            if objection:
                found.unfit[path] = objection
            else:
                found.fit.add(path)
        if not Path(path).is_symlink() and not (here and record.get("checkout") == here):
            found.foreign.add(path)
    return found


def _objection(
    path: str,
    expected: Expected,
    record: Mapping[str, Any],
    files: Mapping[str, Expected | None],
    fit: set[str],
    digests: Mapping[str, str],
) -> str | None:
    """Return why a file that is whole is not what this checkout would make; None if it is.

    Args:
        files: all results of this checkout; `fit` are those that have been found to fit.
        digests: path ↦ SHA-256, of all inputs too; "" if there is no such file.
    """
    made = record or _itself(path)
    if not made:
        return "nothing says what made it"
    if made.get("spec") != expected.spec:
        mine, theirs = expected.spec, made.get("spec") or {}
        keys = sorted(key for key in {*mine, *theirs} if mine.get(key) != theirs.get(key))
        return f"made with other settings ({', '.join(keys)})"
    if made.get("code") != expected.code:
        return "made by other code"
    if _stage(path) == 1 and (other := _other_parts(path, files)):
        return other
    if not record:
        return None if _stage(path) == 0 else "nothing says from which files it was made"
    for name, digest in record.get("inputs", {}).items():
        # Inputs that were deleted, to save space perhaps, do not count, nor the bytes of a data set.
        if not os.path.lexists(name) or name.startswith(f"{DATA_FOLDER}/"):
            continue
        if digests[name] != digest:
            return "made from other files than lie here"
        if name in files and name not in fit:
            return "made from files that do not fit"
    return None


def _other_parts(table: str, files: Mapping[str, Expected | None]) -> str | None:
    """Return how the parts of a table differ from those of this checkout, by what it says of them."""
    sources = _itself(table).get("sources", {})
    own = {Path(path).stem: files[path] for path in files[table].inputs["part"]}
    given = sources.get("specifications", {"shared": {}, "parts": {}})
    specs = {part: {**given["shared"], **spec} for part, spec in given["parts"].items()}
    if specs != {part: file.spec for part, file in own.items()}:
        return "made from other parts than these settings have"
    if sources["code"] != sorted({file.code for file in own.values()}):
        return "made from parts of other code"
    return None
