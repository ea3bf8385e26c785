"""Two runs in one folder: the second is refused, and a run that may be at work is not unlocked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults import family, running, wait_until
from project import Project, assert_says, making

from commands import unlock
from pipeline.runs import explain_lock, is_at_work, leave_note, remove_note
from study.errors import UserError

KEY, TARGET = "marion2025_limits", "results/smoke/tables/marion2025/limits.parquet"
MAKE = making(KEY)
PLAN = ["python", "workflow/cli.py", "plan", KEY, "--preset", "smoke"]
UNLOCK = ["python", "workflow/cli.py", "unlock"]
NOTE = Path(".snakemake/runs/smoke.json")


def _locked(project: Project) -> bool:
    return any((project.path / ".snakemake/locks").glob("*.output.lock"))


@pytest.mark.parametrize(
    ("change", "at_work"),
    [({}, True), ({"host": "elsewhere"}, True), ({"started": 0.0}, False), ({"pid": 2**22}, False)],
    ids=["here", "on another machine", "another process of that number", "killed"],
)
def test_only_what_is_known_to_have_ended_is_unlocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict, at_work: bool
):
    monkeypatch.chdir(tmp_path)
    assert not is_at_work("smoke")
    leave_note("smoke", "snakemake all")
    NOTE.write_text(json.dumps(json.loads(NOTE.read_text()) | change))
    assert is_at_work("smoke") is at_work and "snakemake all" in explain_lock("smoke")
    assert not is_at_work("laptop")
    called = []
    done = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(unlock, "quiet_snakemake", lambda *words: called.append(words) or done)
    if at_work:
        with pytest.raises(UserError, match="not unlocked"):
            unlock.unlock([])
    else:
        unlock.unlock([])
    assert bool(called) is not at_work
    remove_note("smoke")
    assert not is_at_work("smoke")


@pytest.mark.slow
def test_the_second_run_is_refused_and_the_first_is_not_disturbed(
    unbuilt_copy: Project, tmp_path: Path
):
    words = unbuilt_copy.arguments("--cores", "1", TARGET)
    with running(unbuilt_copy, tmp_path / "said", words) as first:
        wait_until(lambda: (unbuilt_copy.path / NOTE).is_file())
        # It stands still, so that it cannot end before the others have looked.
        for process in family(first.pid):
            process.suspend()
        assert_says(unbuilt_copy.run(MAKE), "another run is working", f"kill -INT {first.pid}")
        # Nor is it unlocked, whichever preset is named: Snakemake would unlock all of them.
        assert_says(unbuilt_copy.run(UNLOCK), "not unlocked", f"process {first.pid}")
        # What takes no lock goes on, and so does a run of another preset, which makes other files.
        plan = unbuilt_copy.run(PLAN)
        assert plan.returncode == 0 and "of processor time" in plan.text, plan.text
        other = ["--cores", "1", "results/laptop/config.yaml"]
        assert unbuilt_copy.run([sys.executable, "-m", "snakemake", *other]).returncode == 0
        for process in family(first.pid):
            process.resume()
        assert first.wait() == 0, (tmp_path / "said").read_text()
    assert (unbuilt_copy.path / TARGET).is_file() and not _locked(unbuilt_copy)
    assert not (unbuilt_copy.path / NOTE).exists()


@pytest.mark.slow
def test_after_snakemake_was_killed_make_says_so_and_so_does_the_next_run_until_it_is_unlocked(
    unbuilt_copy: Project, tmp_path: Path
):
    with running(unbuilt_copy, tmp_path / "said", MAKE) as first:
        wait_until(lambda: (unbuilt_copy.path / NOTE).is_file())
        (snakemake,) = [child for child in first.children() if "snakemake" in child.cmdline()]
        snakemake.kill()
        assert first.wait() != 0
        # Its jobs go on until they end.
        wait_until(lambda: not family(first.pid))
    assert "SIGKILL" in (tmp_path / "said").read_text()
    assert_says(unbuilt_copy.run(MAKE), "a run was killed", "make unlock", os.uname().nodename)
    assert unbuilt_copy.run([*UNLOCK, "--preset", "smoke"]).returncode == 0
    assert not _locked(unbuilt_copy)
    assert unbuilt_copy.run(MAKE).returncode == 0
