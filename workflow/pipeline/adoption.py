"""Which results that Snakemake does not know, such as copied ones, fit this checkout.

Snakemake without its records takes a file by its date alone: it would make a good copy anew, and
keep one that other settings made. Every table and figure says itself what made it, and so does the
record beside the log of every job.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.expected import Expected
from pipeline.integrity import content_error, read_record, record_of, same_content
from study.errors import UserError
from study.metadata import provenance_of

_FIGURES = {".pdf", ".png"}


@dataclass(frozen=True)
class Judgement:
    """Which files fit, and for those that do not, why."""

    fit: list[str] = field(default_factory=list)
    unfit: dict[str, str] = field(default_factory=dict)

    def among(self, paths: Container[str]) -> "Judgement":
        """Return what was found of `paths` alone."""
        return Judgement(
            [path for path in self.fit if path in paths],
            {path: why for path, why in self.unfit.items() if path in paths},
        )


def is_part(path: str) -> bool:
    """Return whether a result's path is results/<preset>/tables/<paper>/<figure>/<part>.parquet."""
    return len(Path(path).parts) == 6


def table_of(part: str) -> str:
    """Return the path of the table that a part, itself a path, belongs to."""
    return str(Path(part).parent.with_suffix(".parquet"))


def figure_of(path: str) -> str:
    """Return the key of the figure that a result belongs to; else what it is, such as "verdicts"."""
    kind, *below = Path(path).with_suffix("").parts[2:]
    return "_".join(below[:2]) if kind in ("tables", "figures") else kind


def _stage(path: str) -> int:
    """Return a number that is larger than that of all results from which this one is made."""
    if path.endswith(".parquet"):
        return 0 if is_part(path) else 1
    return 3 if Path(path).stem == "verdicts" else 2


def _other_settings(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    keys = sorted(
        key
        for key in {*mine, *theirs}
        if key not in mine or key not in theirs or mine[key] != theirs[key]
    )
    return f"made with other settings ({', '.join(keys)})"


def _parts_by_table(files: Iterable[str]) -> dict[str, set[str]]:
    """Return path of a table ↦ paths of the parts of which this checkout makes it."""
    found: dict[str, set[str]] = {}
    for path in filter(is_part, files):
        found.setdefault(table_of(path), set()).add(path)
    return found


def _objection(
    path: str, expected: Expected, parts: set[str], fit: set[str], known: dict[str, str]
) -> str | None:
    """Return why a file is not what this checkout would make; None if it is.

    Args:
        parts: of a table, those of which this checkout makes it.
        fit: the files that have been found to fit.
        known: path ↦ SHA-256, of what was read already.
    """
    record = read_record(record_of(Path(path)))
    recorded = record.get("outputs", {}).get(path)
    made = record if recorded else {}
    if Path(path).suffix in {".parquet", *_FIGURES}:
        try:
            made = provenance_of(Path(path))
        except UserError:
            return "damaged, or nothing in it says what made it"
    elif recorded is None:
        return "nothing says what made it"
    if made.get("spec") != expected.spec:
        return _other_settings(expected.spec, made.get("spec", {}))
    if made.get("code") != expected.code:
        return "made by other code"
    if recorded is None:
        if reason := content_error(Path(path)):
            return f"damaged ({reason})"
        # A part follows from settings and code; all else from files that could be any.
        return None if is_part(path) else "nothing says from which files it was made"
    if not same_content({path: recorded}, known):
        return "its content is not what its job wrote"
    inputs = record.get("inputs", {})
    # How many parts a table has, its own specification does not say.
    if parts and parts != set(inputs):
        return "made from other parts than these settings have"
    if not same_content(inputs, known):
        return "made from other files than lie here"
    if any(_is_result(name) and name not in fit for name in inputs):
        return "made from files that do not fit"
    return None


def _is_result(name: str) -> bool:
    """Return whether an input is a result of this preset and not a data set."""
    return name.startswith("results/") and not name.startswith("results/data/")


def judge(files: Mapping[str, Expected]) -> Judgement:
    """Return which of `files`, path ↦ how this checkout would make it, are just that.

    Files that are not there are left out. Files that one job makes fit together or not at all.
    """
    judgement = Judgement()
    known: dict[str, str] = {}
    fit: set[str] = set()
    parts = _parts_by_table(files)
    there = sorted((path for path in files if Path(path).is_file()), key=_stage)
    for path in there:
        if objection := _objection(path, files[path], parts.get(path, set()), fit, known):
            judgement.unfit[path] = objection
        else:
            fit.add(path)
    together: dict[str, list[str]] = {}
    for path in files:
        together.setdefault(path.rpartition(".")[0], []).append(path)
    for path in there:
        missing = [other for other in together[path.rpartition(".")[0]] if other not in fit]
        if path in fit and missing:
            reason = f"{Path(missing[0]).name}, which the same job makes, is not there or unfit"
            judgement.unfit[path] = reason
        elif path in fit:
            judgement.fit.append(path)
    return judgement
