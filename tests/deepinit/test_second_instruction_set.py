"""Tests whose bound is on rounding hold with the plainest code that torch and MKL have, too."""

import os
import subprocess
import sys

import pytest
from project import ROOT


@pytest.mark.slow
def test_tests_of_rounding_hold_with_the_plainest_code():
    command = [sys.executable, "-m", "pytest", "-m", "rounding", "-p", "no:cacheprovider"]
    files = (ROOT / "tests").rglob("test_*.py")
    done = subprocess.run(
        [*command, *(file for file in files if "mark.rounding" in file.read_text())],
        cwd=ROOT,
        env=os.environ | {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
