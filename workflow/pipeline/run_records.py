"""The record of a job beside its log: checksums of what it read and wrote, and what it took."""

import json
from pathlib import Path
from typing import Any

from pipeline.expected import log_of


def record_of(path: str) -> Path:
    """Return where the record of the job that makes a result is expected."""
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
