"""The benchmark's tables as Markdown and CSV."""

import importlib.metadata
import math
import os
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


def _bound(plain: NDArray[np.float64], least: NDArray[np.float64]) -> float:
    """Return the median ratio to times that cannot be undercut; NaN where they are zero."""
    return float(np.median(plain / least)) if least.all() else math.nan


def attainable(table: pd.DataFrame) -> pd.Series:
    """Return each row's floor, or what the machine's limit lets it reach where that is less."""
    return table[["floor", "limit_ratio", "bare_ratio"]].min(axis=1)


def out_of_reach(table: pd.DataFrame) -> pd.Series:
    """Return whether each row's floor, or its least share of the limit, cannot be reached."""
    share = table["bare_ratio"] / table["limit_ratio"]
    return (attainable(table) < table["floor"]) | (share < table["least_share"])


def ratio_table(rows: Mapping[str, tuple[Work, Measured]]) -> pd.DataFrame:
    """Return one row per piece of work; times in seconds a network, shares between 0 and 1."""
    frame = []
    for key, (work, measured) in rows.items():
        ratio = float(np.median(measured.ratios))
        share = float(np.median(measured.shares)) if work.needs else math.nan
        least = math.nan if work.least_share is None else work.least_share
        frame.append(
            {
                "row": key,
                "work": work.title,
                "plain_seconds": float(np.median(measured.plain)),
                "ours_seconds": float(np.median(measured.ours)),
                "ratio": ratio,
                "ratio_low": float(measured.ratios.min()),
                "ratio_high": float(measured.ratios.max()),
                "rounds": len(measured.ratios),
                "floor": work.floor,
                "share_of_limit": share,
                "least_share": least,
                "limit_ratio": _bound(measured.plain, measured.limit),
                "bare_ratio": _bound(measured.plain, measured.bare),
                "met": ratio >= work.floor and not share < least,
                "note": work.note,
            }
        )
    return pd.DataFrame(frame)


def _number(value: float, digits: int = 3) -> str:
    if math.isnan(value):
        return "—"
    whole = math.floor(math.log10(abs(value))) + 1 if value else 1
    return f"{value:,.{max(0, digits - whole)}f}"


def _time(seconds: float) -> str:
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size or unit == "µs":
            return f"{_number(seconds / size)} {unit}"
    raise AssertionError


def _percent(share: float) -> str:
    return "—" if math.isnan(share) else f"{100 * share:.0f} %"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rows = list(rows)
    if any(len(row) != len(header) for row in rows):
        raise ValueError(f"a row does not have the columns {', '.join(header)}")
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _ratio_lines(table: pd.DataFrame) -> list[str]:
    rows = []
    for row, beyond in zip(table.itertuples(), out_of_reach(table), strict=True):
        spread = f"[{_number(row.ratio_low)} – {_number(row.ratio_high)}]"
        floor = f"{row.floor:,g}"
        if not math.isnan(row.least_share):
            floor += f", {_percent(row.least_share)} of the limit"
        rows.append(
            (
                row.work + (f" ({row.note})" if row.note else ""),
                _time(row.plain_seconds),
                _time(row.ours_seconds),
                f"**{_number(row.ratio)}** {spread}",
                floor,
                "yes" if row.met else "**no**" + (", out of reach" if beyond else ""),
                _percent(row.share_of_limit),
                _number(row.limit_ratio),
                _number(row.bare_ratio),
            )
        )
    header = "work, plain, ours, plain ÷ ours, at least, met, of the limit, at the limit, bare operations"
    return _table(header.split(", "), rows)


def _scaling_lines(sweeps: Sequence[tuple[pd.DataFrame, bool | None]]) -> list[str]:
    lines = []
    for table, stays in sweeps:
        verdict = {None: "", True: " — memory stays flat", False: " — **memory grows**"}[stays]
        lines += ["", f"**{table['sweep'].iloc[0]}**{verdict}", ""]
        lines += _table(
            (table["varied"].iloc[0], "time", "peak memory", "of it before the work"),
            (
                [f"{row.value:,}", _time(row.seconds)]
                + [
                    f"{mebibytes:,.0f} MiB"
                    for mebibytes in (row.peak_mebibytes, row.mebibytes_before)
                ]
                for row in table.itertuples()
            ),
        )
    return lines


def _cores_lines(table: pd.DataFrame) -> list[str]:
    single = table["networks_a_second"].iloc[0]
    rows = (
        (f"{row.jobs}", _number(row.networks_a_second), f"{row.networks_a_second / single:.2f}")
        for row in table.itertuples()
    )
    title = ["", "**explicit weights, outputs and gradients, jobs side by side**", ""]
    return title + _table(("jobs", "networks a second", "against one job"), rows)


def write_report(
    folder: Path,
    effort: Effort,
    ratios: pd.DataFrame,
    sweeps: Sequence[tuple[pd.DataFrame, bool | None]] = (),
    cores: pd.DataFrame | None = None,
) -> Path:
    """Write benchmark.md and .csv, and scaling.csv where it was measured; return the first.

    Args:
        sweeps: tables, and whether memory stays flat; None where it need not.

    Raises:
        OSError: the folder cannot be written to.
    """
    lines = ["# Benchmark", "", *(f"* {name}: {value}" for name, value in machine().items())]
    lines += [
        f"* form: {effort.name}, {effort.rounds} rounds",
        "",
        "## The reference way and ours",
        "",
    ]
    lines += [
        "Processor time of one network, one thread, both ways in turn: median over rounds, and "
        "[least – largest] for the ratio. *At least*: what was set out before it was measured. "
        "*Of the limit*: the time that the machine cannot do without (its random numbers, and its "
        "products at the rate of large matrices, both measured in the same rounds) over ours. "
        "*At the limit*: the ratio that ours would have at that limit. "
        "*Bare operations*: the ratio of nothing but the matrix products at their own, smaller shapes, "
        "and of the numbers drawn and kept. What is asked for beyond either is out of reach.",
        "",
        *_ratio_lines(ratios),
    ]
    if cores is not None:
        lines += ["", "## How cost grows", "", "Each point alone in a fresh process."]
        lines += [*_scaling_lines(sweeps), *_cores_lines(cores)]
    target = folder / "benchmark.md"
    write_text(target, "\n".join(lines) + "\n")
    write_text(folder / "benchmark.csv", ratios.to_csv(index=False))
    if sweeps:
        write_text(
            folder / "scaling.csv", pd.concat([table for table, _ in sweeps]).to_csv(index=False)
        )
    return target
