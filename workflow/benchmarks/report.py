"""The benchmark's tables as Markdown and CSV."""

import importlib.metadata
import math
import os
import platform
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.timing import Measured
from benchmarks.work import Effort, Work
from study.files import write_text
from study.provenance import git_commit, processor

_PACKAGES = ("torch", "numpy", "snakemake")


def machine() -> dict[str, str]:
    """Return when, where and with what this was measured."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": git_commit(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}",
        "versions": f"Python {platform.python_version()}, {versions}",
        "load": f"{os.getloadavg()[0]:.1f} processes on average when this was written",
    }


def ratio_table(rows: Mapping[str, tuple[Work, Measured]]) -> pd.DataFrame:
    """Return one row per piece of work; times in seconds per network."""
    frame = [
        {
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
        for key, (work, measured) in rows.items()
    ]
    return pd.DataFrame(frame)


def _number(value: float, digits: int = 3) -> str:
    whole = math.floor(math.log10(abs(value))) + 1 if value else 1
    return f"{value:,.{max(0, digits - whole)}f}"


def _time(seconds: float) -> str:
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size or unit == "µs":
            return f"{_number(seconds / size)} {unit}"
    raise AssertionError


def _ratio_lines(table: pd.DataFrame) -> list[str]:
    lines = ["| work | reference | ours | reference ÷ ours |", "|---|---|---|---|"]
    for row in table.itertuples():
        cells = (
            row.work + (f" ({row.note})" if row.note else ""),
            _time(row.reference_seconds),
            _time(row.ours_seconds),
            f"**{_number(row.ratio)}** [{_number(row.ratio_low)} – {_number(row.ratio_high)}]",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def write_report(folder: Path, effort: Effort, ratios: pd.DataFrame) -> Path:
    """Write benchmark.md and .csv; return the first.

    Raises:
        OSError: the folder cannot be written to.
    """
    lines = [
        "# Benchmark",
        "",
        *(f"* {name}: {value}" for name, value in machine().items()),
        f"* form: {effort.name}, {effort.rounds} rounds",
        "",
        "## The reference way and ours",
        "",
        "Processor time per network, one thread, both ways in turn: median over rounds, and "
        "[least – greatest] for the ratio.",
        "",
        *_ratio_lines(ratios),
    ]
    target = folder / "benchmark.md"
    write_text(target, "\n".join(lines) + "\n")
    write_text(folder / "benchmark.csv", ratios.to_csv(index=False))
    return target
