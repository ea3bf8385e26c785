"""SIGKILL at random moments: the next run goes on, and in the end every byte is as undisturbed."""

import shlex
import signal
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from faults import family, jobs, running, wait_until
from project import Project, sub_path

from pipeline.expected import part_script
from study.tables import read_provenance

pytestmark = pytest.mark.slow
SEED = 20240607
ROUNDS = 9
#: What is killed ↦ the figure that is made meanwhile.
SIMULATION, TRAINING, SNAKEMAKE = "a simulation", "a training", "Snakemake"
FIGURE = {
    SIMULATION: "marion2025_fig1",
    TRAINING: "marion2025_fig8",
    SNAKEMAKE: "hanin2018_fig1b",
}


def _files(project: Project, key: str) -> list[Path]:
    """Return the files that there are of one figure: its parts, table and drawings."""
    parts = sorted(project.table(key).with_suffix("").glob("*.parquet"))
    drawings = [project.results / f"figures/{sub_path(key)}.{suffix}" for suffix in ("pdf", "png")]
    return [path for path in (*parts, project.table(key), *drawings) if path.exists()]


def _contents(project: Project, key: str) -> dict[str, bytes]:
    files = _files(project, key)
    return {path.relative_to(project.path).as_posix(): path.read_bytes() for path in files}


def _victims(run: psutil.Popen, kind: str) -> list[psutil.Process]:
    """Return what may be killed, as soon as there is any; nothing if all of it is made already."""
    if kind == SNAKEMAKE:
        return [run]
    script = part_script(*FIGURE[kind].split("_", 1))
    wait_until(lambda: jobs(run.pid, script) or run.poll() is not None)
    return jobs(run.pid, script)


def _life(project: Project, said: Path, kind: str) -> float:
    """Return how long what `kind` says lives undisturbed, seconds; what is made is removed again."""
    key = FIGURE[kind]
    with running(project, said, project.arguments("--cores", "2", key)) as run:
        victims = _victims(run, kind)
        born = time.monotonic()
        wait_until(lambda: not all(_lives(victim) for victim in victims))
        life = time.monotonic() - born
        assert run.wait() == 0, said.read_text()
    for path in _files(project, key):
        path.unlink()
    return life


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _kill(
    project: Project, said: Path, kind: str, life: float, generator: np.random.Generator
) -> bool:
    """Start a run, kill what `kind` says at a random moment, and return whether it was running."""
    key = FIGURE[kind]
    delay = generator.uniform(0, life)
    with running(project, said, project.arguments("--cores", "2", key)) as run:
        if not (found := _victims(run, kind)):
            return False
        victim = found[int(generator.integers(len(found)))]
        time.sleep(delay)
        try:
            victim.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            return False
        finally:
            killed = run.wait() == -signal.SIGKILL if kind == SNAKEMAKE else None
            # Jobs that have lost their Snakemake go on, here until they end.
            wait_until(lambda: not family(run.pid))
        return killed if kind == SNAKEMAKE else run.returncode != 0


def _unlock(project: Project) -> None:
    if any((project.path / ".snakemake/locks").glob("*.lock")):
        assert project.snakemake("--unlock").returncode == 0


def test_kills_at_random_moments_leave_every_byte_as_undisturbed(
    built: Project, unbuilt_copy: Project, tmp_path: Path
):
    generator = np.random.default_rng(SEED)
    hits = dict.fromkeys(FIGURE, 0)
    lives = {kind: _life(unbuilt_copy, tmp_path / "said", kind) for kind in FIGURE}
    for round_ in range(ROUNDS):
        kind = list(FIGURE)[round_ % len(FIGURE)]
        key = FIGURE[kind]
        hits[kind] += _kill(unbuilt_copy, tmp_path / "said", kind, lives[kind], generator)
        undisturbed, now = _contents(built, key), _contents(unbuilt_copy, key)
        # Whatever there is, is whole.
        assert now.items() <= undisturbed.items(), f"round {round_}: {kind}"
        if len(now) == len(undisturbed):
            for path in _files(unbuilt_copy, key):
                path.unlink()
        _unlock(unbuilt_copy)
    assert all(count >= 1 for count in hits.values()), hits
    done = unbuilt_copy.snakemake("--cores", "2", *FIGURE.values())
    assert done.returncode == 0, done.text
    for key in FIGURE.values():
        assert _contents(unbuilt_copy, key) == _contents(built, key)
        # Half-written files are removed when their target is written again.
        assert list(unbuilt_copy.table(key).with_suffix("").glob(".*")) == []
    assert unbuilt_copy.planned(*FIGURE.values()) == {}


def test_a_job_that_outlived_its_run_does_not_write_over_the_next_one(built_copy: Project):
    part = built_copy.table("marion2025_fig1", "depth00010_block00")
    log = built_copy.results / "logs/tables/marion2025/fig1/depth00010_block00.log"
    command = read_provenance(part)["command"]
    newer = part.read_bytes()
    old = command.replace('"networks": 50', '"networks": 51')
    assert old != command
    part.unlink()
    log.unlink()
    said = built_copy.path / "said"
    with running(built_copy, said, [sys.executable, *shlex.split(old)[1:]]) as orphan:
        wait_until(lambda: log.is_file() and log.stat().st_size > 0)
        orphan_jobs = jobs(orphan.pid)
        for process in orphan_jobs:
            process.suspend()
        done = built_copy.run(command)
        assert done.returncode == 0, done.text
        record = log.with_suffix(".json").read_bytes()
        for process in orphan_jobs:
            process.resume()
        assert orphan.wait(timeout=200) == 1
    assert "writes nothing" in said.read_text()
    assert part.read_bytes() == newer and log.with_suffix(".json").read_bytes() == record
    assert list(part.parent.glob(".*")) == []
