"""A disk that is full, or results that may not be written, in the middle of a run."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults import running, wait_until
from project import Project
from test_messages import AS_A_USER

pytestmark = pytest.mark.slow
FIGURE = "marion2025_limits"


def _may_mount() -> bool:
    """Return whether this user may mount a file system of its own, in a namespace of its own."""
    if shutil.which("unshare") is None:
        return False
    words = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


needs_a_disk = pytest.mark.skipif(
    not _may_mount(), reason="needs user namespaces (unshare -rm) to mount a small disk"
)


def _on_a_small_disk(project: Project, script: str) -> str:
    """Run a script in a copy of a project on a disk of its own; copy its results out, return text."""
    small = project.path.parent / "small"
    small.mkdir()
    python = shlex.quote(sys.executable)
    run = f"{python} -m snakemake --cores 2 {FIGURE} --config preset=smoke"
    lines = [
        f"mount -t tmpfs -o size=200m none {small}",
        f"cp -r {project.path}/. {small} && cd {small}",
        f"run() {{ {run} 2>&1; echo status $?; }}",
        "fill() { head -c 1G /dev/zero > filler 2> /dev/null; }",
        script,
        f"cp -r results/smoke {project.results}",
    ]
    done = project.run(["unshare", "-rm", "bash", "-c", "\n".join(lines)])
    return done.text


@needs_a_disk
def test_a_disk_that_fills_up_is_told_and_the_run_goes_on_when_there_is_space(
    built: Project, unbuilt_copy: Project
):
    log = "results/smoke/logs/tables/marion2025/limits/independent.log"
    text = _on_a_small_disk(
        unbuilt_copy,
        f"run & while [ ! -s {log} ]; do sleep 0.05; done; fill; wait; echo @@@@\n"
        "find results/smoke -name '*.parquet' -o -name '.*-*'; echo @@@@\n"
        "run; echo @@@@; rm filler; run",
    )
    full, found, refused, mended = text.split("@@@@\n")
    assert "no space left" in full and "status 1" in full, full
    assert found.strip() == "", "half a file was left"
    assert "no space left on the disk of" in refused and "free some" in refused, refused
    assert "Traceback" not in full + refused, full + refused
    assert "status 0" in mended, mended
    ours, theirs = unbuilt_copy.outcome(), built.outcome()
    assert len(ours) == 6 and all(ours[name] == theirs[name] for name in ours)


def test_results_that_may_not_be_written_any_more_are_told_and_the_run_goes_on_later(
    built: Project, unbuilt_copy: Project, tmp_path: Path
):
    said = tmp_path / "said"
    parts = unbuilt_copy.table(FIGURE).with_suffix("")
    log = unbuilt_copy.results / "logs/tables/marion2025/limits/independent.log"
    command = AS_A_USER + unbuilt_copy.arguments("--cores", "1", FIGURE)
    with running(unbuilt_copy, said, command) as run:
        wait_until(lambda: log.is_file() and log.stat().st_size > 0)
        parts.chmod(0o555)
        assert run.wait() != 0
    text = said.read_text()
    assert "no permission to write" in text and "change the permissions" in text, text
    assert "Traceback" not in text, text
    # Snakemake removes an empty folder, if it may.
    if parts.exists():
        # What was finished before is whole; nothing half-written lies beside it.
        whole = built.table(FIGURE).with_suffix("")
        for path in parts.iterdir():
            assert path.read_bytes() == (whole / path.name).read_bytes()
        parts.chmod(0o755)
    done = unbuilt_copy.run(command)
    assert done.returncode == 0, done.text
    ours, theirs = unbuilt_copy.outcome(), built.outcome()
    assert len(ours) == 6 and all(ours[name] == theirs[name] for name in ours)
