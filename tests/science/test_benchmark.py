"""The benchmark says what is true, of both ways and of how cost grows.

Speed itself is tested by its short form, which fails only below half of the floors.
"""

import inspect
import math
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.probes import Probe, probes
from benchmarks.report import attainable, out_of_reach, ratio_table, write_report
from benchmarks.rows import ROWS
from benchmarks.scaling import SIDE_BY_SIDE, SWEEPS, is_flat, sweep_table
from benchmarks.scaling_point import POINTS
from benchmarks.timing import Measured, measure
from benchmarks.work import EFFORTS, Part, Work

ROOT = Path(__file__).resolve().parents[2]
BUSY = Work("busy", 2, [Part(lambda: None)], lambda: None, 1)


def compute(seconds: float) -> None:
    """Use the processor for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_ratio_is_that_of_one_network_and_parts_count_as_often_as_it_needs_them():
    """Plain: 2 × 5 + ½ × 20 ms; ours: four networks in 8 ms; the machine's limit is 1 ms."""
    work = replace(
        BUSY,
        plain=[Part(lambda: compute(0.005), 2), Part(lambda: compute(0.02), 0.5)],
        ours=lambda: compute(0.008),
        networks=4,
        needs={"thing": 10},
    )
    found = measure(work, 5, {"thing": Probe(100, lambda: compute(0.01))})
    assert len(found.ratios) == 5
    assert np.median(found.ratios) == pytest.approx(10, rel=0.1)
    assert np.median(found.shares) == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize(
    ("ratio", "share", "least", "met"),
    [(3, 0.1, None, True), (1.9, 0.9, None, False), (3, 0.5, 0.6, False), (3, 0.7, 0.6, True)],
)
def test_a_row_is_met_if_its_ratio_and_its_share_of_the_limit_are(ratio, share, least, met):
    times = np.ones(3)
    measured = Measured(ratio * times, times, share * times, np.zeros(3))
    work = replace(BUSY, needs={"normal": 1}, least_share=least)
    row = ratio_table({"busy": (work, measured)}).iloc[0]
    assert row["met"] == met
    assert row["limit_ratio"] == pytest.approx(ratio / share)


def test_a_floor_beyond_the_machines_limit_is_called_so_and_asks_for_no_more_than_the_limit():
    """Floor 2; ours 1.5 times as fast, at the limit 3, and with bare operations alone 1.8."""
    ones = np.ones(3)
    work = replace(BUSY, needs={"product": 1}, bare=Part(lambda: None))
    measured = Measured(1.5 * ones, ones, 0.5 * ones, 1.5 / 1.8 * ones)
    table = ratio_table({"busy": (work, measured)})
    assert attainable(table).tolist() == pytest.approx([1.8])
    assert attainable(table.assign(bare_ratio=math.nan)).tolist() == [2]
    assert out_of_reach(table).tolist() == [True]
    assert out_of_reach(table.assign(bare_ratio=math.nan)).tolist() == [False]


def test_a_share_of_the_limit_that_bare_operations_miss_is_called_out_of_reach():
    """At the limit the ratio would be 4, with bare operations alone 2: half of the limit."""
    ones = np.ones(3)
    measured = Measured(1.5 * ones, ones, 1.5 / 4 * ones, 1.5 / 2 * ones)
    work = replace(BUSY, floor=1, needs={"normal": 1}, bare=Part(lambda: None))
    for least, beyond in ((0.6, True), (0.4, False), (None, False)):
        table = ratio_table({"busy": (replace(work, least_share=least), measured)})
        assert out_of_reach(table).tolist() == [beyond]


def test_tables_are_written_with_machine_versions_and_every_row(tmp_path):
    measured = Measured(np.array([2.0, 3, 4]), np.ones(3), np.zeros(3), np.zeros(3))
    sweep = pd.DataFrame(
        {
            "sweep": "a sweep",
            "varied": "depth",
            "value": [10, 100],
            "seconds": [0.1, 1.0],
            "peak_mebibytes": [300.0, 301.0],
            "mebibytes_before": 290.0,
        }
    )
    ratios = ratio_table({"busy": (BUSY, measured)})
    sides = pd.DataFrame({"jobs": [1, 2], "networks_a_second": [10.0, 19.0]})
    target = write_report(tmp_path, EFFORTS["short"], ratios, [(sweep, True)], sides)
    text = target.read_text(encoding="utf-8")
    for words in ("torch 2", "cores", "**3.00** [2.00 – 4.00]", "memory stays flat", "1.90"):
        assert words in text
    assert pd.read_csv(tmp_path / "benchmark.csv")["ratio"].tolist() == [3]
    assert pd.read_csv(tmp_path / "scaling.csv")["value"].tolist() == [10, 100]


def test_memory_that_grows_is_not_called_flat():
    assert is_flat(pd.DataFrame({"peak_mebibytes": [300.0, 310.0]}))
    assert not is_flat(pd.DataFrame({"peak_mebibytes": [300.0, 310.0, 330.0]}))


def test_every_sweep_names_work_that_takes_its_settings():
    for sweep in SWEEPS:
        inspect.signature(POINTS[sweep.work]).bind(**sweep.kept, **{sweep.varied: 1})
    inspect.signature(POINTS[SIDE_BY_SIDE[0]]).bind(**SIDE_BY_SIDE[1])


def test_every_row_names_probes_and_both_its_ways():
    """Only prepared, not run, in the smallest form."""
    known = probes()
    for prepare in ROWS.values():
        work = prepare(EFFORTS["short"])
        assert set(work.needs) <= set(known) and work.plain and work.networks > 0
        assert all(math.isfinite(part.times) for part in work.plain)


@pytest.mark.slow
@pytest.mark.parametrize("sweep", [s for s in SWEEPS if s.flat][:2], ids=lambda s: s.title)
def test_memory_stays_flat_in_replicates_and_for_outputs_alone_in_depth(sweep):
    """The two first values, each in a fresh process."""
    table = sweep_table(sweep._replace(values=sweep.values[:2]))
    assert is_flat(table), table.to_string()


@pytest.mark.slow
def test_no_row_falls_below_half_of_its_floor(tmp_path):
    command = [sys.executable, "workflow/cli.py", "benchmark", "--short", "--output", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    print(done.stdout)
    assert len(pd.read_csv(tmp_path / "benchmark.csv")) == len(ROWS), done.stderr
    assert done.returncode == 0, done.stdout
