"""A plan as a table for people."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.gpus import visible_gpus
from planning.dry_run import PlannedJob
from planning.estimates import Estimate
from planning.rows import Row, folded, rows
from planning.schedule import most_memory, wall_seconds
from planning.words import duration, memory

#: Columns of a terminal from which on reasons stand in the table.
_WIDE = 120


def console() -> Console:
    """Return where to print: as wide as needed if it is no terminal."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=1000, color_system=None)


def _time(seconds: float, row: Row) -> str:
    if row.unknown and not seconds:
        return "not known"
    mark = "more than " if row.unknown else "~" if row.predicted else ""
    return f"{mark}{duration(seconds)}"


def _table(found: Sequence[Row], wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    columns = {
        "what": [row.name for row in found],
        "jobs": [row.jobs for row in found],
        "time": [_time(row.seconds, row) for row in found],
        "longest": [_time(row.longest, row) for row in found],
        "memory": [f"{'~' if row.predicted else ''}{memory(row.mebibytes)}" for row in found],
        "why": [row.reason for row in found],
    }
    if not wide:
        del columns["longest"], columns["why"]
    for heading in columns:
        side = "right" if heading in ("time", "longest", "memory") else "left"
        table.add_column(heading, justify=side, no_wrap=heading != "why")
    for cells in zip(*columns.values(), strict=True):
        table.add_row(*map(escape, cells))
    return table


def _reasons(found: Sequence[Row]) -> list[str]:
    """Return a line a reason, for a table without them."""
    names: dict[str, list[str]] = {}
    for row in found:
        names.setdefault(row.reason, []).append(row.name)
    return [f"{', '.join(who)}: {reason}" for reason, who in names.items()]


def _print_table(output: Console, found: Sequence[Row]) -> None:
    wide = output.width >= _WIDE
    with output.capture() as text:
        output.print(_table(found, wide))
    # A table fills its last column with blanks.
    output.out("\n".join(line.rstrip() for line in text.get().splitlines()), highlight=False)
    for line in [] if wide else ["", "Why:", *_reasons(found)]:
        output.print(line, markup=False)


def _sums(jobs: Sequence[PlannedJob], found: Sequence[Estimate], cores: int) -> list[str]:
    cpu = sum(estimate.seconds or 0.0 for estimate in found if not estimate.gpu)
    gpu = sum(estimate.seconds or 0.0 for estimate in found if estimate.gpu)
    seconds = [estimate.seconds or 0.0 for estimate in found]
    longest = jobs[seconds.index(max(seconds))]
    sizes = [estimate.mebibytes for estimate in found]
    largest = jobs[sizes.index(max(sizes))]
    wall = wall_seconds(jobs, found, cores, visible_gpus())
    devices = f" and {duration(gpu)} of a GPU" if gpu else ""
    plural = "s" if cores > 1 else ""
    lines = [
        "Times are of one core, memory of one job.",
        f"{len(jobs)} job{'s' if len(jobs) > 1 else ''}: about {duration(cpu)} of processor time"
        f"{devices}, {duration(wall)} on {cores} core{plural}; the longest job, "
        f"{longest.outputs[0]}, {duration(max(seconds))}.",
        f"Memory: at most {memory(most_memory(found, cores))} at a time on {cores} core{plural}; "
        f"the largest job, {largest.outputs[0]}, {memory(max(sizes))}.",
    ]
    if any(estimate.predicted for estimate in found):
        lines.append(
            "~ predicted: time from the cost of other settings, in proportion to the work; memory as "
            "the jobs ask for it. The rest was measured."
        )
    if any(estimate.seconds is None for estimate in found):
        lines.append("Where the time is not known it counts as none: the sums are too small.")
    return lines


def show_plan(
    jobs: Sequence[PlannedJob], found: Sequence[Estimate], cores: int, every: bool = False
) -> None:
    """Print a plan: a table, sums, or that all is up to date.

    Args:
        every: whether each figure gets a line of its own, however many there are.
    """
    output = console()
    if not jobs:
        output.print("Everything is up to date.")
        return
    table = rows(jobs, found)
    shown = table if every else folded(table)
    _print_table(output, shown)
    output.print()
    for line in _sums(jobs, found, cores):
        output.print(line, soft_wrap=True, markup=False)
    if len(shown) < len(table):
        output.print("A line for each figure: add --all.", soft_wrap=True)
