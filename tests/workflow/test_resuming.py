"""A training job that was killed goes on from its checkpoint and leaves the same file."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from project import ROOT, SECTIONS, SMOKE

from pipeline.expected import part_script

# The job itself, with a checkpoint after every step instead of every half minute.
_SAVE_OFTEN = """
import runpy, sys
sys.path.insert(0, "workflow")
from study.checkpoint import Checkpoint
Checkpoint.__init__.__kwdefaults__["seconds"] = 0.0
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def start(spec: dict, output: Path) -> subprocess.Popen:
    """Start a job in a process of its own."""
    words = [
        "workflow/job.py",
        part_script(spec["paper"], spec["figure"]),
        "--spec",
        json.dumps(spec),
    ]
    words += ["--input", "data", "workflow/data/mnist_subset/SHA256SUMS", "--output", str(output)]
    return subprocess.Popen(
        [sys.executable, "-c", _SAVE_OFTEN, *words, "--log", str(output.with_suffix(".log"))],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "longer"),
    [
        ("marion2025_fig8", {}),
        ("hanin2018_fig1b", {"max_epochs": 12, "target_accuracy": 0.9}),
        ("luther2019_learning_curves", {"steps": 200}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_killed_training_job_ends_with_the_same_bytes(key: str, longer: dict, tmp_path: Path):
    paper, figure = key.split("_", 1)
    part = next(iter(SECTIONS[key].parts().values()))
    shared = {"paper": paper, "figure": figure, "root_seed": SMOKE.root_seed, "device": "cpu"}
    spec = {**shared, **part, **longer}
    output = tmp_path / "part.parquet"
    checkpoint = tmp_path / ".part.checkpoint"
    assert start(spec, output).wait(timeout=120) == 0
    undisturbed = output.read_bytes()
    assert not checkpoint.exists()
    output.unlink()
    for _ in range(2):
        job = start(spec, output)
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        while not checkpoint.exists() or checkpoint.stat().st_mtime_ns == before:
            assert job.poll() is None, "the job ended before it was killed"
            time.sleep(0.005)
        time.sleep(0.1)
        os.kill(job.pid, signal.SIGKILL)
        assert job.wait() == -signal.SIGKILL
        assert not output.exists()
    assert start(spec, output).wait(timeout=120) == 0
    assert "goes on from" in output.with_suffix(".log").read_text()
    assert output.read_bytes() == undisturbed
    assert not checkpoint.exists()
