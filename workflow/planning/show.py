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
    if row.unknown:
        return "not known"
    return f"{'~' if row.predicted else ''}{duration(seconds)}"


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


def _time_in_all(jobs: Sequence[PlannedJob], found: Sequence[Estimate], cores: int) -> str:
    """Return how long all jobs take; that it is not known where it is not known of some.

    How long a download takes is never known, and counts as none.
    """
    pairs = list(zip(jobs, found, strict=True))
    every = f"{len(jobs)} job{'s' if len(jobs) > 1 else ''}"
    timed = [pair for pair in pairs if pair[1].seconds is not None]
    cpu = sum(estimate.seconds for _, estimate in timed if not estimate.gpu)
    gpu = sum(estimate.seconds for _, estimate in timed if estimate.gpu)
    devices = f" and {duration(gpu)} of a GPU" if gpu else ""
    unknown = [job for job, estimate in pairs if estimate.seconds is None]
    if figures := sorted({job.figure for job in unknown if job.figure}):
        others = f"; the others take about {duration(cpu)} of processor time{devices}"
        return (
            f"{every}: how long they take is not known, because nothing is known of the time of "
            f"{len(unknown)} of them ({', '.join(figures)}){others if timed else ''}."
        )
    longest = max(timed, key=lambda pair: pair[1].seconds, default=None)
    if longest is None:
        return f"{every}: how long a download takes is not known."
    wall = wall_seconds(jobs, found, cores, visible_gpus())
    beside = f"; {len(unknown)} download{'s' * (len(unknown) > 1)} beside that" if unknown else ""
    return (
        f"{every}: about {duration(cpu)} of processor time{devices}, {duration(wall)} on {cores} "
        f"core{'s' if cores > 1 else ''}{beside}; the longest job, {longest[0].outputs[0]}, "
        f"{duration(longest[1].seconds)}."
    )


def _sums(jobs: Sequence[PlannedJob], found: Sequence[Estimate], cores: int) -> list[str]:
    sizes = [estimate.mebibytes for estimate in found]
    largest = jobs[sizes.index(max(sizes))]
    lines = [
        "Times are of one core, memory of one job.",
        _time_in_all(jobs, found, cores),
        f"Memory: at most {memory(most_memory(found, cores))} at a time on {cores} core"
        f"{'s' if cores > 1 else ''}; the largest job, {largest.outputs[0]}, {memory(max(sizes))}.",
    ]
    if any(estimate.predicted for estimate in found):
        timed = any(estimate.predicted and estimate.seconds is not None for estimate in found)
        time = "time from the cost of other settings, in proportion to the work; " if timed else ""
        lines.append(f"~ predicted: {time}memory as the jobs ask for it. The rest was measured.")
    return lines


def show_plan(
    jobs: Sequence[PlannedJob],
    found: Sequence[Estimate],
    cores: int,
    every: bool = False,
    every_by: str = "add --all",
) -> None:
    """Print a plan: a table, sums, or that all is up to date.

    Args:
        every: whether each figure gets a line of its own, however many there are.
        every_by: how to get that.
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
        output.print(f"A line for each figure: {every_by}", soft_wrap=True, markup=False)
