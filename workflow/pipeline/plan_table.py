"""A plan as a table: what would run for each figure, why, and what it is expected to take."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.costs import Cost
from pipeline.dry_run import PlannedJob
from pipeline.gpus import visible_gpus
from study.units import duration, memory

#: What Snakemake says of a job ↦ that in short. It sees settings and code as parameters of a rule.
_REASONS = {
    "Missing output files": "missing output",
    "Incomplete output files": "unfinished output",
    "Forced execution": "outdated output",
    "Params have changed": "settings or code",
    "Code has changed": "rule",
    "Software environment definition": "environment",
    "Updated input files": "input",
    "Set of input files has changed": "input",
}
_FOLLOWS = "Input files updated by another job"
_OTHERS = {"gather_verdicts": "verdicts", "settings": "configuration"}


def reasons(job: PlannedJob) -> list[str]:
    """Return why a job runs, in short; Snakemake's own first words where they are others.

    Nothing where it follows from other jobs alone.
    """
    found = [short for words, short in _REASONS.items() if words in job.reason]
    return found or [job.reason.partition(":")[0]] * (_FOLLOWS not in job.reason)


def _name(job: PlannedJob) -> str:
    if job.rule == "data_set":
        return f"data set {job.wildcards['data_set']}"
    return job.figure or _OTHERS.get(job.rule, job.rule)


def _seconds(estimates: Sequence[Cost]) -> float:
    """Return the time of all jobs; those of unknown time count as none."""
    return sum(estimate.seconds or 0.0 for estimate in estimates)


def _time(estimates: Sequence[Cost]) -> str:
    if any(estimate.seconds is None for estimate in estimates):
        return "not known"
    return f"{_mark(estimates)}{duration(_seconds(estimates))}"


def _mark(estimates: Sequence[Cost]) -> str:
    return "~" if any(estimate.predicted for estimate in estimates) else ""


def rows(jobs: Sequence[PlannedJob], estimates: Sequence[Cost]) -> list[tuple[str, ...]]:
    """Return name, jobs, time, memory and reason of each figure or other thing.

    Figures come first, the most expensive first.
    """
    groups: dict[str, list[tuple[PlannedJob, Cost]]] = {}
    for job, estimate in zip(jobs, estimates, strict=True):
        groups.setdefault(_name(job), []).append((job, estimate))
    found = []
    for name, pairs in groups.items():
        ours = [estimate for _, estimate in pairs]
        largest = memory(max(estimate.mebibytes for estimate in ours))
        why = dict.fromkeys(reason for job, _ in pairs for reason in reasons(job))
        row = (
            name,
            str(len(pairs)),
            _time(ours),
            f"{_mark(ours)}{largest}",
            ", ".join(why) or "input made again",
        )
        found.append((not pairs[0][0].figure, -_seconds(ours), row))
    return [row for _, _, row in sorted(found, key=lambda item: item[:2])]


def _longest(estimate: Cost) -> float:
    return estimate.longest or estimate.seconds or 0.0


def _jobs(count: int) -> str:
    return f"{count} job{'s' * (count > 1)}"


def total(jobs: Sequence[PlannedJob], estimates: Sequence[Cost], cores: int) -> str:
    """Return what all jobs take together, and the longest of them."""
    cpu, gpu = ([e for e in estimates if (e.device != "cpu") == on_gpu] for on_gpu in (False, True))
    slowest = max(estimates, key=_longest)
    longest = _longest(slowest)
    wall = max(_seconds(cpu) / cores, _seconds(gpu) / max(1, visible_gpus()), longest)
    unknown = [job for job, e in zip(jobs, estimates, strict=True) if e.seconds is None]
    text = f"{_jobs(len(jobs))}: about {duration(_seconds(cpu))} of processor time"
    text += f" and {duration(_seconds(gpu))} of a GPU" if gpu else ""
    text += f", about {duration(wall)} on {cores} core{'s' * (cores > 1)}"
    # A mean of several jobs is less than the longest of them takes.
    at_least = "at least " if slowest.longest is None else ""
    text += f"; the longest job {at_least}{duration(longest)}" if longest else ""
    if unknown:
        names = ", ".join(dict.fromkeys(map(_name, unknown)))
        text += f". Not counted: {_jobs(len(unknown))} of unknown duration ({names})"
    return f"{text}."


def show_plan(jobs: Sequence[PlannedJob], estimates: Sequence[Cost], cores: int) -> None:
    """Print a plan: a table and its total, or that all is up to date."""
    # As wide as needed if it is no terminal.
    plain = {} if sys.stdout.isatty() else {"width": 1000, "color_system": None}
    output = Console(highlight=False, **plain)
    if not jobs:
        output.print("Everything is up to date.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("what", "jobs", "time", "memory", "why"):
        right = heading in ("jobs", "time", "memory")
        table.add_column(heading, justify="right" if right else "left", no_wrap=heading != "why")
    for cells in rows(jobs, estimates):
        table.add_row(*map(escape, cells))
    output.print(table)
    output.print(f"\n{total(jobs, estimates, cores)}", soft_wrap=True, markup=False)
    output.print("Times are of one core, memory is that of the largest job.")
    if any(estimate.predicted for estimate in estimates):
        output.print(
            "~ predicted: time from other settings, memory as the jobs ask for it.", soft_wrap=True
        )
