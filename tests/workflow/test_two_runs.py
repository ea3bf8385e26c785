"""Two runs in one folder: the second says who works there, or that a run was killed there."""

import os
import signal
import sys
from pathlib import Path

import pytest
from faults import family, running, wait_until
from project import Project, assert_says

pytestmark = pytest.mark.slow
TARGET = "results/smoke/tables/marion2025/fig1.parquet"
MAKE = ["python", "workflow/build.py", "marion2025_fig1", "--preset", "smoke", "--cores", "2"]


def _locked(project: Project) -> bool:
    return any((project.path / ".snakemake/locks").glob("*.output.lock"))


def test_the_second_run_names_the_first_which_is_not_disturbed(
    unbuilt_copy: Project, tmp_path: Path
):
    words = unbuilt_copy.arguments("--cores", "1", TARGET)
    with running(unbuilt_copy, tmp_path / "said", words) as first:
        wait_until(lambda: _locked(unbuilt_copy))
        # It stands still, so that it cannot end before the others have looked.
        for process in family(first.pid):
            process.suspend()
        for done in (unbuilt_copy.snakemake("--cores", "1", TARGET), unbuilt_copy.run(MAKE)):
            assert_says(done, "another run is working in this folder", f"process {first.pid} on")
            assert_says(done, f"kill {first.pid}", "--cores 1")
        # What takes no lock goes on, and says nothing of it.
        dry = unbuilt_copy.snakemake("-n", TARGET)
        assert dry.returncode == 0 and "another run" not in dry.text
        # Nor does a run of another preset, which makes other files.
        other = unbuilt_copy.run(
            [sys.executable, "-m", "snakemake", "--cores", "1", "results/laptop/config.yaml"]
        )
        assert other.returncode == 0 and "another run" not in other.text, other.text
        for process in family(first.pid):
            process.resume()
        assert first.wait() == 0, (tmp_path / "said").read_text()
    assert (unbuilt_copy.path / TARGET).is_file() and not _locked(unbuilt_copy)


def test_after_a_killed_run_the_next_one_says_so_and_how_to_go_on(
    unbuilt_copy: Project, tmp_path: Path
):
    words = unbuilt_copy.arguments("--cores", "1", TARGET)
    with running(unbuilt_copy, tmp_path / "said", words) as first:
        wait_until(lambda: _locked(unbuilt_copy))
        os.killpg(first.pid, signal.SIGKILL)
    for done in (unbuilt_copy.snakemake("--cores", "1", TARGET), unbuilt_copy.run(MAKE)):
        assert_says(done, "a run was killed in this folder", "make unlock", os.uname().nodename)
        assert_says(done, "The last one was started on", "fig1.parquet")
        assert "another run is working" not in done.text
    unlocked = unbuilt_copy.snakemake("--unlock")
    assert unlocked.returncode == 0 and "killed" not in unlocked.text
    assert unbuilt_copy.run(MAKE).returncode == 0
