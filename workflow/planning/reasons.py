"""Why jobs would run, in words.

Snakemake says of each job that, for example, its parameters have changed. What has changed in
them is found by comparing the specification and the code of the planned job with those that its
present output carries in its metadata and in the record beside its log.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from origin.changes import Change, changes
from origin.metadata import provenance_of
from planning.dry_run import PlannedJob, specification
from study.code_hash import code_hash, code_record
from study.errors import UserError

#: How the reason of a job begins whose output is a copy that `make` sets aside; why it does follows.
DOES_NOT_FIT = "Copied, does not fit: "
_MOST_NAMED = 3


@dataclass(frozen=True)
class Cause:
    """One cause of one job's run.

    Attributes:
        kind: "new", "gone", "damaged", "unfinished", "settings", "code", "input", "call", "follows",
            "copy".
        details: what it is: changes of settings, names of modules or files, figure keys, reasons.
    """

    kind: str
    details: tuple[Any, ...] = ()


def _record(job: PlannedJob) -> dict[str, Any]:
    """Return the record of the job's last success; empty if there is none."""
    try:
        found = json.loads(Path(job.logs[0]).with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError, IndexError):
        return {}
    return found if isinstance(found, dict) else {}


def _present(job: PlannedJob) -> tuple[dict[str, Any] | None, str | None]:
    """Return specification and code hash of the output as it is; None where they are unknown."""
    try:
        provenance = provenance_of(Path(job.outputs[0]))
        return provenance["spec"], provenance["code"]
    except (UserError, KeyError):
        pass
    try:
        with Path(job.logs[0]).open(encoding="utf-8") as lines:
            return specification(lines.readline()), _record(job).get("code")
    except (OSError, ValueError, IndexError):
        return None, None


def _changed_modules(job: PlannedJob, code: str | None) -> tuple[str, ...]:
    """Return modules and pinned packages that differ from those that the record names."""
    record = _record(job)
    if not code or record.get("code") != code:
        return ()
    present = code_record("job.py", job.script)
    before, now = record["modules"], present["modules"]
    names = {name for name in (*before, *now) if before.get(name) != now.get(name)}
    pins = set(record["pins"]).symmetric_difference(present["pins"])
    return (*sorted(names), *sorted({pin.split("==")[0] for pin in pins}))


def _of_parameters(job: PlannedJob) -> list[Cause]:
    """Return what has changed in the parameters of a job: settings, code."""
    spec, code = _present(job)
    found = []
    if spec is not None and job.spec is not None and spec != job.spec:
        differences = changes(spec, job.spec)
        found.append(Cause("settings", tuple(item for item in differences if item.key != "preset")))
    if job.script and code and code != code_hash("job.py", job.script):
        found.append(Cause("code", _changed_modules(job, code)))
    return found or [Cause("call")]


def causes(job: PlannedJob) -> list[Cause]:
    """Return all causes that Snakemake gives for a job."""
    reason = job.reason
    if reason.startswith(DOES_NOT_FIT):
        return [Cause("copy", (reason.removeprefix(DOES_NOT_FIT),))]
    found = []
    if "Missing output files" in reason:
        # A job that starts writes its log, and a record only when it succeeds.
        started = bool(job.logs) and Path(job.logs[0]).is_file()
        found.append(Cause("gone" if _record(job) else "unfinished" if started else "new"))
    if reason.startswith("Forced execution"):
        found.append(Cause("damaged"))
    if "Incomplete output files" in reason:
        found.append(Cause("unfinished"))
    if "Params have changed" in reason:
        found += _of_parameters(job)
    if "Code has changed" in reason or "Software environment definition" in reason:
        found.append(Cause("call"))
    if listed := re.search(r"(?:^|; )Updated input files: ([^;]*)", reason):
        found.append(Cause("input", tuple(sorted(listed[1].split(", ")))))
    if "Set of input files has changed" in reason:
        found.append(Cause("follows"))
    if listed := re.search(r"Input files updated by another job: ([^;]*)", reason):
        found.append(Cause("follows", tuple(sorted(listed[1].split(", ")))))
    return found or [Cause("call")]


def _listed(items: Iterable[Any]) -> str:
    """Return the first few of some items, each once, and how many more there are."""
    names = list(dict.fromkeys(map(str, items)))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _counted(number: int, of_all: int) -> str:
    return "" if number == of_all else f" ({number} of {of_all} jobs)"


def _settings_in_words(found: Sequence[tuple[PlannedJob, Cause]]) -> str:
    """Return the changed keys: a figure's own keys where its drawing tells them."""
    drawn = [
        Change(item.key.removeprefix("settings.").removeprefix("read_settings."), *values)
        for job, cause in found
        if job.kind == "drawing"
        for item in cause.details
        for values in [(item.before, item.now)]
    ]
    others = [
        item
        for job, cause in found
        if job.kind != "drawing"
        for item in cause.details
        if not drawn or item.key in ("root_seed", "device")
    ]
    return _listed([*others, *drawn]) or "the preset's name"


def _follows(found: Sequence[tuple[PlannedJob, Cause]], own: str) -> str:
    paths = [path for _, cause in found for path in cause.details]
    tables = [re.fullmatch(r"results/[^/]+/tables/(\w+)/(\w+)\.parquet", path) for path in paths]
    others = [f"{table[1]}_{table[2]}" for table in tables if table]
    named = [key for key in others if key != own]
    return (
        f"what it reads is made anew: {_listed(named)}" if named else "what it reads is made anew"
    )


def why(jobs: Sequence[PlannedJob]) -> str:
    """Return in a few words why the jobs of one figure, or of one other thing, would run."""
    every = [(job, cause) for job in jobs for cause in causes(job)]
    kinds: dict[str, list[tuple[PlannedJob, Cause]]] = {}
    for job, cause in every:
        kinds.setdefault(cause.kind, []).append((job, cause))
    number = Counter({kind: len({id(job) for job, _ in found}) for kind, found in kinds.items()})
    words = []
    if "copy" in kinds:
        count = _counted(number["copy"], len(jobs))
        reasons = _listed(name for _, cause in kinds["copy"] for name in cause.details)
        words.append(f"a copy that does not fit{count}: {reasons}")
    if "new" in kinds:
        words.append(f"never made{_counted(number['new'], len(jobs))}")
    if "gone" in kinds:
        words.append(f"its file is gone{_counted(number['gone'], len(jobs))}")
    if "damaged" in kinds:
        count = _counted(number["damaged"], len(jobs))
        words.append(f"damaged, or made from other files than lie there now{count}")
    if "unfinished" in kinds:
        words.append(
            f"was not finished, or is being made now{_counted(number['unfinished'], len(jobs))}"
        )
    if "settings" in kinds:
        words.append(f"settings changed: {_settings_in_words(kinds['settings'])}")
    if "code" in kinds:
        names = _listed(name for _, cause in kinds["code"] for name in cause.details)
        words.append(f"code changed: {names}" if names else "code changed")
    if "input" in kinds:
        words.append(
            f"input changed: {_listed(n for _, cause in kinds['input'] for n in cause.details)}"
        )
    if "call" in kinds and not {"settings", "code"} & kinds.keys():
        words.append("it is called in another way")
    if not words and "follows" in kinds:
        words.append(_follows(kinds["follows"], jobs[0].figure))
    return "; ".join(words)
