"""Measure how fast deepinit is against the reference way, side by side.

    python workflow/cli.py benchmark            # a few minutes on two cores
    python workflow/cli.py benchmark --short    # half a minute; fails below half the floors
    python workflow/cli.py benchmark --long     # more rounds

Writes results/benchmark/benchmark.csv; times are seconds of one thread per network, medians over rounds.
"""

import os

# As in a job, and before numpy or torch is imported.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.rows import ROWS  # noqa: E402
from benchmarks.timing import measure  # noqa: E402
from benchmarks.work import EFFORTS, Effort  # noqa: E402
from study.device import make_repeatable  # noqa: E402
from study.files import write_text  # noqa: E402

#: In continuous integration a row fails below this share of its floor; never for its times.
TOLERATED = 0.5


def measured_rows(effort: Effort) -> pd.DataFrame:
    """Return one row per piece of work, and say each as it comes."""
    rows = []
    for key, prepare in ROWS.items():
        work = prepare(effort)
        measured = measure(work, effort.rounds)
        row = {
            "row": key,
            "work": work.title,
            "reference_seconds": float(np.median(measured.reference)),
            "ours_seconds": float(np.median(measured.ours)),
            "ratio": float(np.median(measured.ratios)),
            "ratio_low": float(measured.ratios.min()),
            "ratio_high": float(measured.ratios.max()),
            "rounds": len(measured.ratios),
            "floor": work.floor,
            "note": work.note,
        }
        rows.append(row)
        print(
            f"{work.title}: {row['ratio']:.3g} times [{row['ratio_low']:.3g} – "
            f"{row['ratio_high']:.3g}]",
            flush=True,
        )
    return pd.DataFrame(rows)


def main() -> int:
    """Measure, write the table and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", action="store_const", dest="form", const="short")
    form.add_argument("--long", action="store_const", dest="form", const="long")
    parser.add_argument("--output", type=Path, default=Path("results/benchmark"))
    options = parser.parse_args()
    effort = EFFORTS[options.form or "default"]
    make_repeatable()
    ratios = measured_rows(effort)
    target = options.output / "benchmark.csv"
    write_text(target, ratios.to_csv(index=False))
    print(f"written: {target}")
    slow = ratios[ratios["ratio"] < TOLERATED * ratios["floor"]]
    for row in slow.itertuples():
        print(f"deepinit: {row.work}: {row.ratio:.3g}, floor {row.floor:g}")
    return int(effort.name == "short" and len(slow) > 0)
