"""Measure how fast deepinit is against the reference way, side by side.

    python workflow/cli.py benchmark            # a few minutes on two cores
    python workflow/cli.py benchmark --short    # half a minute; fails below half the floors
    python workflow/cli.py benchmark --long     # more rounds

Writes results/benchmark/benchmark.md and .csv.
"""

import os

# As in a job, and before numpy or torch is imported.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse  # noqa: E402
from pathlib import Path  # noqa: E402

from rich.console import Console  # noqa: E402

from benchmarks.report import ratio_table, write_report  # noqa: E402
from benchmarks.rows import ROWS  # noqa: E402
from benchmarks.timing import measure  # noqa: E402
from benchmarks.work import EFFORTS, Effort  # noqa: E402
from study.device import make_repeatable  # noqa: E402

#: In continuous integration a row fails below this share of its floor; never for its times.
TOLERATED = 0.5


def measured_rows(effort: Effort, console: Console) -> dict:
    """Return key ↦ (work, what was measured), and say each as it comes."""
    found = {}
    for key, prepare in ROWS.items():
        work = prepare(effort)
        measured = measure(work, effort.rounds)
        found[key] = (work, measured)
        row = ratio_table({key: found[key]}).iloc[0]
        console.print(
            f"{work.title}: {row['ratio']:.3g} times [{row['ratio_low']:.3g} – "
            f"{row['ratio_high']:.3g}]",
            markup=False,
        )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the tables and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", action="store_const", dest="form", const="short")
    form.add_argument("--long", action="store_const", dest="form", const="long")
    parser.add_argument("--output", type=Path, default=Path("results/benchmark"))
    options = parser.parse_args(arguments)
    effort, console = EFFORTS[options.form or "default"], Console(highlight=False, soft_wrap=True)
    make_repeatable()
    ratios = ratio_table(measured_rows(effort, console))
    target = write_report(options.output, effort, ratios)
    console.print(f"written: {target} and .csv", markup=False)
    slow = ratios[ratios["ratio"] < TOLERATED * ratios["floor"]]
    for row in slow.itertuples():
        console.print(f"deepinit: {row.work}: {row.ratio:.3g}, floor {row.floor:g}", markup=False)
    return int(effort.name == "short" and len(slow) > 0)
