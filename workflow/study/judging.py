"""From a figure's claims to its rows of verdicts.csv."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from study.errors import UserError
from study.files import write_text
from study.strict_yaml import read_yaml
from study.verdicts import NOT_TESTABLE, NOT_TESTED, NUMBERS, VERDICTS, Claim

COLUMNS = ["claim", "paper", "figure", "statement", "published", *NUMBERS]
COLUMNS += ["test", "would_show", "verdict", "note", "stops"]
_RECORDED = (*NUMBERS, "test", "verdict", "note")
COLUMNS += [f"recorded_{name}" for name in (*_RECORDED, "how")]
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


def _claim(entry: Mapping[str, Any]) -> Claim:
    try:
        return Claim(**entry)
    except ValidationError as error:
        wrong = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())
        raise ValueError(f"claim {entry.get('claim')}: {wrong}") from None


def claims_of(path: Path, figure: str) -> list[Claim]:
    """Return the claims of one file.

    Raises:
        UserError: it is no YAML, an entry has a key that there is not, lacks one or has a value of a wrong
            type, or two share an identifier.
    """
    try:
        claims = [_claim(entry) for entry in entries(read_yaml(path) or [], figure)]
        names = [claim.claim for claim in claims]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"claims share an identifier: {', '.join(repeated)}")
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {type(error).__name__}: {error}") from None
    return claims


def of_record(row: Mapping[str, Any], how: str) -> dict[str, Any]:
    """Return what a row has of the same claim on the tables recorded at the papers' scale.

    Args:
        row: as `judge` returns it for those tables.
        how: where and when they were computed, in words.
    """
    return {**{f"recorded_{name}": row[name] for name in _RECORDED}, "recorded_how": how}


def decided_by_record(frame: pd.DataFrame) -> str:
    """Return in words how many of the verdicts that are open here recorded tables decide, and how."""
    here = frame[frame["verdict"] == NOT_TESTED]
    found = here["recorded_verdict"].value_counts()
    decided = [
        name for name in VERDICTS if name in found and name not in (NOT_TESTED, NOT_TESTABLE)
    ]
    counts = [f"{found[name]} {name}" for name in decided]
    return (
        f"Of {len(here)} not tested at this preset, tables recorded at the papers' scale "
        f"(results/recorded) decide: {', '.join(counts) or 'none'}."
    )


def check_what_must_hold(frame: pd.DataFrame) -> None:
    """Check the statements that the project must reproduce: its theory against its own simulation.

    Raises:
        UserError: one of them fails.
    """
    broken = frame[frame["stops"]]
    if not broken.empty:
        lines = "; ".join(
            f"{row.claim}: measured {row.measured:.6g} in [{row.low:.6g}, {row.high:.6g}], "
            f"theory {row.published:.6g}"
            for row in broken.itertuples()
        )
        raise UserError(f"theory and simulation of this project disagree: {lines}")


def write_verdicts(job: Any, path: Path, judged: Callable[[Claim], dict[str, Any]]) -> None:
    """Write a row for every claim of the job's input `claims`, as `judged` returns them."""
    claims = claims_of(job.inputs["claims"][0], job.spec["figure"])
    frame = pd.DataFrame([judged(claim) for claim in claims]).assign(paper=job.spec["paper"])
    write_text(path, frame.reindex(columns=COLUMNS).to_csv(index=False, float_format="%.6g"))
