"""Where the numbers of a table or figure come from, when several jobs have made them.

The parts of one table may have been computed by several machines, devices and commits. The job
that puts them together keeps what differs, and the drawing keeps it for every table that it reads.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from study.tables import read_provenance

_KEPT = ("commit", "code", "device", "machine", "python", "packages")


def _distinct(values: Iterable[Any]) -> list[Any]:
    """Return each value once, sorted; None is none."""
    texts = {json.dumps(value, sort_keys=True) for value in values if value is not None}
    return [json.loads(text) for text in sorted(texts)]


def sources_of_parts(parts: Sequence[Path]) -> dict[str, Any]:
    """Return what the parts of a table say of their origin.

    For each of root_seed, device_setting (what the configuration asked for), commit, code, device,
    machine, python and packages the distinct values; under "specifications" what all parts share
    and what each has of its own.
    """
    provenances = {path.stem: read_provenance(path) for path in parts}
    specs = {part: provenance["spec"] for part, provenance in provenances.items()}
    first = next(iter(specs.values()))
    shared = {
        key: value
        for key, value in first.items()
        if all(key in spec and spec[key] == value for spec in specs.values())
    }
    own = {
        part: {key: value for key, value in spec.items() if key not in shared}
        for part, spec in specs.items()
    }
    return {
        "parts": len(parts),
        "root_seed": _distinct(spec.get("root_seed") for spec in specs.values()),
        "device_setting": _distinct(spec.get("device") for spec in specs.values()),
        **{key: _distinct(item.get(key) for item in provenances.values()) for key in _KEPT},
        "specifications": {"shared": shared, "parts": own},
    }


def sources_of_tables(tables: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Return figure key ↦ what its table says of the origin of its parts, without specifications."""
    found = {}
    for key, path in tables.items():
        sources = read_provenance(path)["sources"]
        found[key] = {name: value for name, value in sources.items() if name != "specifications"}
    return found
