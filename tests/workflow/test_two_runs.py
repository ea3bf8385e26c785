"""After a killed run the next one in its folder is refused until it is unlocked."""

import sys
from pathlib import Path

import pytest
from faults import family, jobs, running, wait_until
from project import Project, assert_says, making

pytestmark = pytest.mark.slow
KEY = "luther2019_membrane_images"
MAKE = making(KEY)


def _locked(project: Project) -> bool:
    return any((project.path / ".snakemake/locks").glob("*.output.lock"))


def _assert_refused(project: Project) -> None:
    done = project.run(MAKE)
    assert_says(done, "make unlock")
    assert len(done.text.splitlines()) == 1, done.text


def test_after_snakemake_was_killed_make_says_so_and_so_does_the_next_run_until_it_is_unlocked(
    unbuilt_copy: Project, tmp_path: Path
):
    with running(unbuilt_copy, tmp_path / "said", MAKE) as first:
        wait_until(lambda: jobs(first.pid))
        (snakemake,) = [child for child in first.children() if "snakemake" in child.cmdline()]
        snakemake.kill()
        assert first.wait() != 0
        # Its jobs go on until they end.
        wait_until(lambda: not family(first.pid))
    assert "SIGKILL" in (tmp_path / "said").read_text()
    _assert_refused(unbuilt_copy)
    # What `make unlock` calls.
    assert unbuilt_copy.run([sys.executable, "-m", "snakemake", "--unlock"]).returncode == 0
    assert not _locked(unbuilt_copy)
    assert unbuilt_copy.run(MAKE).returncode == 0
