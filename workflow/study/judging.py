"""From a figure's claims to its rows of verdicts.csv."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from study.files import write_text
from study.strict_yaml import read_yaml
from study.verdicts import Claim, Measurement, judge, read_claims

COLUMNS = [
    "claim",
    "paper",
    "figure",
    "statement",
    "published",
    "measured",
    "low",
    "high",
    "test",
    "would_show",
    "verdict",
    "note",
    "must_hold",
]
_FIELDS = {field.name for field in fields(Claim)}


def entries(listed: list[Mapping[str, Any]], figure: str) -> Iterator[dict[str, Any]]:
    """Yield the claims of one claims.yaml, those with a list `for` once per item.

    An item's keys that are fields of `Claim` take the entry's place; the others are arguments of
    the measurement. Both may stand in braces in `claim`, `statement`, `note` and `difference`.
    """
    for entry in listed:
        shared = {key: value for key, value in entry.items() if key != "for"}
        for item in entry.get("for", [{}]):
            own = {key: value for key, value in item.items() if key in _FIELDS}
            arguments = {key: value for key, value in item.items() if key not in _FIELDS}
            claim = {"figure": figure, **shared, **own}
            claim["arguments"] = {**shared.get("arguments", {}), **arguments}
            if "for" in entry:
                for key in ("claim", "statement", "note", "difference"):
                    if key in claim:
                        claim[key] = claim[key].format(**item)
            yield claim


def claims_of(path: Path, figure: str) -> list[Claim]:
    """Return the claims of one file.

    Raises:
        ValueError: two share an identifier.
    """
    listed = read_yaml(path) or []
    return read_claims(list(entries(listed, figure)))


def write_verdicts(job: Any, path: Path, measured: Callable[[Claim], Measurement]) -> None:
    """Judge every claim of the job's input `claims` and write a row each."""
    claims = claims_of(job.inputs["claims"][0], job.spec["figure"])
    rows = [judge(claim, partial(measured, claim)) for claim in claims]
    frame = pd.DataFrame(rows).assign(paper=job.spec["paper"])[COLUMNS]
    write_text(path, frame.to_csv(index=False, float_format="%.6g"))
