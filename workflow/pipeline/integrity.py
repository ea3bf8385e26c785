"""Whether results are as their jobs left them, by the checksums in the run records.

Results without a record, such as copied ones, are checked as far as their format allows: the pages
of a Parquet file and the chunks of a PNG carry checksums, a PDF only a beginning and an end.
"""

import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from study.files import sha256, was_set_aside

#: Complete data sets, which all presets share.
DATA_FOLDER = "results/data"
#: Where a job says what it wrote, below the folder of a preset.
_LOGS = "logs"
_KINDS = {".parquet", ".png", ".pdf"}


@dataclass(frozen=True)
class Damage:
    """A file that is not as its job left it, and how that shows."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Findings:
    """What a check has found.

    Attributes:
        compared: how many files were compared with the checksum of their job.
        without_record: how many were checked only as far as their format allows.
        damaged: those that are not as they were.
        broken_records: run records of the preset that cannot be read.
    """

    compared: int
    without_record: int
    damaged: list[Damage]
    broken_records: list[Path]


def read_record(path: Path) -> dict[str, Any]:
    """Return the run record at `path`; an empty one if there is none, or none that can be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def record_of(path: Path) -> Path:
    """Return where the run record of a result, results/<preset>/<kind>/…, is expected."""
    results, preset, *below = path.with_suffix(".json").parts
    if len(below) == 3 and below[0] == "verdicts":  # the job that draws a figure judges it too
        below[0] = "figures"
    return Path(results, preset, _LOGS, *below)


def _records(folder: Path) -> list[Path]:
    return sorted((folder / _LOGS).rglob("*.json"))


def _belongs(path: Path, record: Path) -> bool:
    """Return whether `record` lies where the record of the result at `path` is expected."""
    if record.parent == Path(DATA_FOLDER):
        return path.parent == record.parent
    return len(path.parts) > 2 and record_of(path) == record


def _outputs(content: dict[str, Any], record: Path) -> dict[Path, str]:
    """Return path ↦ SHA-256 of what the job wrote whose record lies at `record`.

    A record in a copied folder names the files of the folder it came from: those are left out.
    """
    named = {Path(name): digest for name, digest in content.get("outputs", {}).items()}
    return {path: digest for path, digest in named.items() if _belongs(path, record)}


def content_error(path: Path) -> str | None:
    """Return what is wrong with a file by its own format; None if nothing shows.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        if path.suffix == ".parquet":
            pq.read_table(path, page_checksum_verification=True)
        elif path.suffix == ".png":
            with Image.open(path) as image:
                image.verify()
        elif path.suffix == ".pdf":
            content = path.read_bytes()
            if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
                return "it has no beginning or no end"
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, SyntaxError, ValueError, LookupError, TypeError) as error:
        # What the system reports has a number; what is wrong with the content has none.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        return str(error)
    return None


def _compare(path: Path, record: Path, recorded: str) -> Damage | None:
    """Return the damage of a file, if any, by the SHA-256 that the record of its job had."""
    if sha256(path) == recorded:
        return None
    # A job that is running now removes its record before it writes.
    if read_record(record).get("outputs", {}).get(path.as_posix()) != recorded:
        return None
    return Damage(path, "its content is not what its job wrote")


def _inspect(path: Path, recorded: tuple[Path, str] | None) -> Damage | None:
    try:
        if recorded is not None:
            return _compare(path, *recorded)
        reason = content_error(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = f"it cannot be read: {error.strerror}"
    return Damage(path, reason) if reason else None


def check(folder: Path) -> Findings:
    """Return what is damaged in the results of one preset, in `folder`, and in the data sets.

    A file that is a link comes from a cache between workflows: another job wrote it than that whose
    record may lie here, so its format alone is looked at.
    """
    of_preset = _records(folder)
    records = [*of_preset, *sorted(Path(DATA_FOLDER).glob("*.json"))]
    contents = {record: read_record(record) for record in records}
    recorded: dict[Path, tuple[Path, str] | None] = {
        path: (record, digest)
        for record, content in contents.items()
        for path, digest in _outputs(content, record).items()
        if path.is_file() and not path.is_symlink()
    }
    others: dict[Path, tuple[Path, str] | None] = {
        path: None
        for kind in ("tables", "figures")
        for path in sorted((folder / kind).rglob("*"))
        # A hidden file is one that a job is writing.
        if path.suffix in _KINDS and path not in recorded and not path.name.startswith(".")
    }
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda item: _inspect(*item), (recorded | others).items())
        damaged = [damage for damage in found if damage is not None]
    broken = [record for record in of_preset if not contents[record]]
    return Findings(len(recorded), len(others), damaged, broken)


def same_content(checksums: dict[str, str], known: dict[str, str]) -> bool:
    """Return whether files have the recorded content; `known` keeps what was computed, by path.

    Complete data sets are left out: what they hold is fixed, whatever the file's bytes.
    """
    return all(
        _sha256(name, known) == digest
        for name, digest in checksums.items()
        if not name.startswith(f"{DATA_FOLDER}/")
    )


def _sha256(name: str, known: dict[str, str]) -> str:
    if name not in known:
        try:
            known[name] = sha256(Path(name))
        except OSError:
            known[name] = ""
    return known[name]


def outdated(folder: Path, files: Iterable[str]) -> list[str]:
    """Return those of `files` that were made from other inputs than lie there now.

    Snakemake looks at inputs that are newer than what was made of them. This finds the others too,
    such as an older version that came with its old date, or one made while the clock was wrong.
    Inputs that were deleted, to save space perhaps, do not count; those that were damaged do, and
    links into a cache that lead nowhere.
    """
    known: dict[str, str] = {}
    wanted = set(files)
    found = []
    for record in _records(folder):
        content = read_record(record)
        outputs = wanted & {path.as_posix() for path in _outputs(content, record)}
        inputs = {
            name: digest
            for name, digest in content.get("inputs", {}).items()
            if os.path.lexists(name) or was_set_aside(Path(name), "damaged")
        }
        if outputs and not same_content(inputs, known):
            found += sorted(outputs)
    return found
