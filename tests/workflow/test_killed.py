"""SIGKILL at random moments: the next run goes on, and in the end every byte is as undisturbed."""

import contextlib
import json
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import psutil
import pytest
from faults import family, jobs, running, wait_until
from project import Project, sub_path

from pipeline.expected import part_script

pytestmark = pytest.mark.slow
SEED = 20240607
HITS, ROUNDS = 2, 8
#: What is killed ↦ the figure that is made meanwhile: one that trains, and two parts of a simulation.
JOB, SNAKEMAKE = "a job", "Snakemake"
FIGURE = {JOB: "marion2025_fig8", SNAKEMAKE: "marion2025_limits"}


def _files(project: Project, key: str) -> list[Path]:
    """Return the files that there are of one figure: its parts, table and drawings."""
    parts = sorted(project.table(key).with_suffix("").glob("*.parquet"))
    drawings = [project.results / f"figures/{sub_path(key)}.{suffix}" for suffix in ("pdf", "png")]
    return [path for path in (*parts, project.table(key), *drawings) if path.exists()]


def _contents(project: Project, key: str) -> dict[str, bytes]:
    files = _files(project, key)
    return {path.relative_to(project.path).as_posix(): path.read_bytes() for path in files}


def _dates(paths: Iterable[Path]) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in paths}


def _life(built: Project, key: str) -> float:
    """Return how long a part of a figure took when it was built, seconds."""
    folder = built.results / "logs/tables" / sub_path(key)
    return min(json.loads(file.read_text())["wall_seconds"] for file in folder.glob("*.json"))


def _kill_a_job(
    project: Project, said: Path, key: str, life: float, generator: np.random.Generator
) -> bool:
    """Start a run, kill one of its parts at a random moment, and return whether it was running."""
    script = part_script(*key.split("_", 1))
    with running(project, said, project.arguments("--cores", "2", key)) as run:
        wait_until(lambda: jobs(run.pid, script) or run.poll() is not None)
        if not (found := jobs(run.pid, script)):
            return False
        time.sleep(generator.uniform(0, life))
        _send(found[int(generator.integers(len(found)))])
        return run.wait() != 0


def _kill_snakemake(
    project: Project, said: Path, key: str, life: float, generator: np.random.Generator
) -> tuple[bool, dict[Path, int]]:
    """Start a run, kill it at a random moment after its first job, and return whether it was running.

    By chance its job dies too, or goes on until it ends. Also returned is what the run had finished
    before: path ↦ date.
    """
    with running(project, said, project.arguments("--cores", "1", key)) as run:
        wait_until(lambda: "Finished jobid" in said.read_text() or run.poll() is not None)
        finished = _dates(_files(project, key))
        time.sleep(generator.uniform(0, life))
        for process in [run, *(jobs(run.pid) if generator.random() < 0.5 else [])]:
            _send(process)
        status = run.wait()
        wait_until(lambda: not family(run.pid))
    return status == -signal.SIGKILL, finished


def _send(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)


def _unlock(project: Project) -> None:
    if any((project.path / ".snakemake/locks").glob("*.lock")):
        assert project.snakemake("--unlock").returncode == 0


def test_kills_at_random_moments_leave_every_byte_as_undisturbed(
    built: Project, unbuilt_copy: Project, tmp_path: Path
):
    generator = np.random.default_rng(SEED)
    hits, finished = dict.fromkeys(FIGURE, 0), {}
    lives = {kind: _life(built, key) for kind, key in FIGURE.items()}
    for round_ in range(ROUNDS):
        kind = min(hits, key=hits.get)
        if hits[kind] == HITS:
            break
        key = FIGURE[kind]
        how = (unbuilt_copy, tmp_path / "said", key, lives[kind], generator)
        if kind == SNAKEMAKE:
            hit, there = _kill_snakemake(*how)
            finished |= there
        else:
            hit = _kill_a_job(*how)
        hits[kind] += hit
        if not hit:  # the machine had more to do when it was built
            lives[kind] /= 2
        assert finished == _dates(finished), "what was finished was made again"
        undisturbed, now = _contents(built, key), _contents(unbuilt_copy, key)
        # Whatever there is, is whole.
        assert now.items() <= undisturbed.items(), f"round {round_}: {kind}"
        if len(now) == len(undisturbed):
            for path in _files(unbuilt_copy, key):
                path.unlink()
                finished.pop(path, None)
        _unlock(unbuilt_copy)
    assert all(hits.values()), hits
    done = unbuilt_copy.snakemake("--cores", "2", *FIGURE.values())
    assert done.returncode == 0, done.text
    assert finished == _dates(finished)
    for key in FIGURE.values():
        assert _contents(unbuilt_copy, key) == _contents(built, key)
    assert unbuilt_copy.planned(*FIGURE.values()) == {}
