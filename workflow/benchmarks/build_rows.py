"""What the workflow itself costs: planning, finding nothing to do, and its share of a build."""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.snakemake_calls import quiet_snakemake

_PROJECT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".snakemake", "results", "__pycache__", ".pytest_cache", ".ruff_cache"
)


@dataclass(frozen=True)
class BuildRow:
    """One measurement of the workflow.

    Attributes:
        title: what was measured.
        value: seconds, or a share.
        unit: "s" or "%".
        limit: what it must not exceed; None where there is no target.
        note: how it was measured.
    """

    title: str
    value: float
    unit: str
    limit: float | None
    note: str

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        return None if self.limit is None else self.value <= self.limit


def copy_project(folder: Path) -> Path:
    """Copy the project, nothing built, into `folder`; return where it is.

    Measured in a copy, the benchmark neither needs nor touches what was built before.
    """
    return Path(shutil.copytree(_PROJECT, folder / "deepinit", ignore=_LEFT_OUT))


def _snakemake(project: Path, preset: str, *words: str) -> float:
    """Run Snakemake in a copy and return the wall time in seconds.

    Raises:
        RuntimeError: it failed.
    """
    begin = time.monotonic()
    done = quiet_snakemake(*words, "--config", f"preset={preset}", folder=project)
    if done.returncode:
        raise RuntimeError(f"{' '.join(done.args)} failed:\n{done.stdout[-2000:]}")
    return time.monotonic() - begin


def planning(project: Path, rounds: int) -> BuildRow:
    """Measure start-up and planning of the whole graph of `laptop`, nothing built."""
    times = [_snakemake(project, "laptop", "-n", "--quiet", "all") for _ in range(rounds)]
    note = f"wall time, the least of {rounds}: nothing but waiting for others makes it longer"
    return BuildRow("start-up and planning of `laptop`", min(times), "s", 3.0, note)


def job_seconds(results: Path) -> float:
    """Return the processor time of all jobs of a build, the start of their Python included.

    Not their wall time: Snakemake runs local rules beside the jobs that fill the cores, so that wall
    times may add up to more than there was.
    """
    records = (results / "logs").rglob("*.json")
    return sum(json.loads(path.read_text(encoding="utf-8"))["cpu_seconds"] for path in records)


def build(project: Path, preset: str, cores: int) -> list[BuildRow]:
    """Build a preset in a copy of its own; return its time and what of it is overhead."""
    wall = _snakemake(project, preset, "--cores", str(cores), "all")
    computing = job_seconds(project / "results" / preset)
    overhead = 100 * (1 - computing / (cores * wall))
    laptop = preset == "laptop"
    return [
        BuildRow(
            f"full build of `{preset}`",
            wall,
            "s",
            1200.0 if laptop else None,
            f"wall time, {cores} cores",
        ),
        BuildRow(
            f"overhead in a build of `{preset}`",
            overhead,
            "%",
            10.0 if laptop else None,
            f"1 − processor time of the jobs ({computing:.0f} s) / ({cores} cores × wall time)",
        ),
    ]


def nothing_to_do(project: Path, preset: str, rounds: int) -> BuildRow:
    """Measure a call that finds everything up to date."""
    times = [_snakemake(project, preset, "--cores", "1", "all") for _ in range(rounds)]
    note = f"`{preset}`; wall time, the least of {rounds}"
    return BuildRow("nothing to do", min(times), "s", 5.0, note)
