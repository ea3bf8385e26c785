"""Two runs in one folder: the second says who works there, or that a run was killed there."""

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from faults import family, running, wait_until
from project import Project, assert_says

import unlock
from study.errors import UserError

pytestmark = pytest.mark.slow
TARGET = "results/smoke/tables/marion2025/fig1.parquet"
MAKE = ["python", "workflow/build.py", "marion2025_fig1", "--preset", "smoke", "--cores", "2"]
UNLOCK = ["python", "workflow/unlock.py"]


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
            assert "not everything could be made" not in done.text
        # Nor is it unlocked, whichever preset is named: Snakemake would unlock all of them.
        for words in (["--preset", "smoke"], []):
            done = unbuilt_copy.run([*UNLOCK, *words])
            assert_says(done, "not unlocked: another run", f"process {first.pid} on")
            assert _locked(unbuilt_copy)
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


@pytest.mark.parametrize(
    ("host", "user", "unseen"),
    [
        (os.uname().nodename, 0, ""),
        (os.uname().nodename, 1, "user"),
        ("elsewhere", 0, "elsewhere"),
        (None, 0, "not known"),
    ],
)
def test_a_run_that_cannot_be_seen_is_not_unlocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str | None, user: int, unseen: str
):
    monkeypatch.chdir(tmp_path)
    lock = tmp_path / ".snakemake/locks/0.output.lock"
    log = tmp_path / ".snakemake/log/2026-01-01T000000.000000.snakemake.log"
    for file in (lock, log):
        file.parent.mkdir(parents=True)
    lock.touch()
    log.write_text(f"host: x\nHost: {host}\nCommand: snakemake\n" if host else "")
    # Not root, who sees all, but the owner of the lock or another.
    monkeypatch.setattr(os, "geteuid", lambda: (os.getuid() or 54321) + user)
    os.chown(lock, *((54321, -1) if os.getuid() == 0 else (-1, -1)))
    monkeypatch.setattr(unlock, "quiet_snakemake", lambda *_: SimpleNamespace(returncode=0))
    if unseen:
        with pytest.raises(UserError, match=unseen):
            unlock.unlock([])
    else:
        assert unlock.unlock([]).startswith("Unlocked")


def test_after_snakemake_was_killed_make_says_so_and_so_does_the_next_run_until_it_is_unlocked(
    unbuilt_copy: Project, tmp_path: Path
):
    with running(unbuilt_copy, tmp_path / "said", [sys.executable, *MAKE[1:]]) as first:
        wait_until(lambda: _locked(unbuilt_copy))
        (snakemake,) = [child for child in first.children() if "snakemake" in child.cmdline()]
        snakemake.kill()
        assert first.wait() == 128 + signal.SIGKILL
    said = (tmp_path / "said").read_text()
    assert "Snakemake was killed (SIGKILL)" in said and "'make unlock', then run again" in said
    assert "Job stats" not in said and "not everything" not in said
    for done in (unbuilt_copy.snakemake("--cores", "1", TARGET), unbuilt_copy.run(MAKE)):
        assert_says(done, "a run was killed in this folder", "make unlock", os.uname().nodename)
        assert_says(done, "The last one was started on", "marion2025_fig1")
        assert "another run is working" not in done.text
    unlocked = unbuilt_copy.run([*UNLOCK, "--preset", "smoke"])
    assert unlocked.returncode == 0 and "eligible for caching" not in unlocked.text
    assert unlocked.text.startswith("Unlocked") and not _locked(unbuilt_copy)
    assert "Nothing is locked" in unbuilt_copy.run(UNLOCK).text
    assert unbuilt_copy.run(MAKE).returncode == 0
