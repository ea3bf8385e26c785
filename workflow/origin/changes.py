"""Differences between two settings, key by key, in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MISSING = object()
_LONGEST = 40


@dataclass(frozen=True)
class Change:
    """A key, dots between its levels, with its value before and now; None where it has none."""

    key: str
    before: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.key} {shown(self.before)} → {shown(self.now)}"


def shown(value: Any) -> str:
    """Return a value in a few words."""
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST:
        return text
    if isinstance(value, list):
        return f"[{shown(value[0])}, …, {shown(value[-1])}] ({len(value)} values)"
    return f"{text[: _LONGEST - 1]}…"


def changes(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[Change]:
    """Return what differs between two mappings; mappings inside are compared key by key."""
    found = []
    for key in [*before, *(key for key in now if key not in before)]:
        old, new = before.get(key, _MISSING), now.get(key, _MISSING)
        if old == new:
            continue
        name = f"{prefix}{key}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += changes(old, new, f"{name}.")
        else:
            values = (None if value is _MISSING else value for value in (old, new))
            found.append(Change(name, *values))
    return found
