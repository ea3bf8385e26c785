"""The benchmark says what is true of both ways.

Speed itself is tested by its short form, which fails only below half of the floors.
"""

import math
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from project import ROOT

from benchmarks.rows import ROWS
from benchmarks.timing import measure
from benchmarks.work import EFFORTS, Part, Work

BUSY = Work("busy", 2, [Part(lambda: None)], lambda: None, 1)


def compute(seconds: float) -> None:
    """Use the processor for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_ratio_is_that_of_one_network_and_parts_count_as_often_as_it_needs_them():
    """Reference: 2 × 5 + ½ × 20 ms; ours: four networks in 8 ms."""
    work = replace(
        BUSY,
        reference=[Part(lambda: compute(0.005), 2), Part(lambda: compute(0.02), 0.5)],
        ours=lambda: compute(0.008),
        networks=4,
    )
    found = measure(work, 5)
    assert len(found.ratios) == 5
    assert np.median(found.ratios) == pytest.approx(10, rel=0.1)


def test_every_row_has_both_its_ways():
    """Only prepared, not run, in the smallest form."""
    for prepare in ROWS.values():
        work = prepare(EFFORTS["short"])
        assert work.reference and work.networks > 0
        assert all(math.isfinite(part.times) for part in work.reference)


@pytest.mark.slow
def test_no_row_falls_below_half_of_its_floor(tmp_path):
    command = [sys.executable, "workflow/cli.py", "benchmark", "--short", "--output", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    print(done.stdout)
    assert len(pd.read_csv(tmp_path / "benchmark.csv")) == len(ROWS), done.stderr
    assert done.returncode == 0, done.stdout
