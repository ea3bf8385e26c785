"""Which runs of Snakemake are working in this folder, and what a lock that is there means."""

import contextlib
import os
import shlex
import socket
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil

from study.errors import UserError

_STATE = Path(".snakemake")
#: In how many lines of a log Snakemake has said who started it where: it first names rules.
_HEAD = 500
#: Options with which Snakemake takes no lock.
_WITHOUT_LOCK = {"-n", "--dry-run", "--dryrun", "--nolock", "--unlock", "--report", "--lint"}


@dataclass(frozen=True)
class Run:
    """A running Snakemake, or a job that outlived one."""

    pid: int
    started: float
    command: str

    def __str__(self) -> str:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.started))
        return f"process {self.pid} on {socket.gethostname()}, since {since}: {self.command}"


def takes_lock(words: list[str]) -> bool:
    """Return whether a command line of Snakemake is one of a run that locks its outputs."""
    return not _WITHOUT_LOCK & set(words)


def _is_snakemake(words: list[str]) -> bool:
    """Return whether a command line calls Snakemake, as a program or as a module."""
    program = any(Path(word).name == "snakemake" for word in words[:2])
    return (program or words[1:3] == ["-m", "snakemake"]) and takes_lock(words)


def _is_job(words: list[str]) -> bool:
    return words[1:2] == ["workflow/job.py"]


def _processes(project: Path) -> list[tuple[psutil.Process, list[str]]]:
    """Return the processes in the project's folder, the oldest first, without this and its parents."""
    me = psutil.Process()
    own = {me.pid, *(process.pid for process in me.parents())}
    found = []
    for process in psutil.process_iter():
        # Other users' processes may not be looked into; any may have ended meanwhile.
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in own and Path(process.cwd()) == project:
                found.append((process.create_time(), process, process.cmdline()))
    return [(process, words) for _, process, words in sorted(found, key=lambda item: item[0])]


def _run(process: psutil.Process, words: list[str]) -> Run:
    line = shlex.join(words)
    return Run(process.pid, process.create_time(), line if len(line) < 200 else f"{line[:200]}…")


def other_runs(project: Path) -> list[Run]:
    """Return the runs of Snakemake that work in a folder, besides this one, the oldest first."""
    return [_run(*item) for item in _processes(project) if _is_snakemake(item[1])]


def orphans(project: Path) -> list[Run]:
    """Return the jobs that go on in a folder although no Snakemake there does."""
    processes = _processes(project)
    if any(_is_snakemake(words) for _, words in processes):
        return []
    return [_run(*item) for item in processes if _is_job(item[1])]


def named_by_jobs(project: Path) -> set[str]:
    """Return the words of the commands of all jobs at work in a folder, their files among them."""
    return {word for _, words in _processes(project) if _is_job(words) for word in words[2:]}


def any_lock() -> bool:
    """Return whether there is a lock of any preset."""
    return any((_STATE / "locks").glob("*.lock"))


def is_locked(results: str) -> bool:
    """Return whether there is a lock on anything that is made below the folder `results`."""
    for lock in (_STATE / "locks").glob("*.output.lock"):
        # A run that ends removes its locks.
        with contextlib.suppress(FileNotFoundError):
            if f"{results}/" in lock.read_text(encoding="utf-8", errors="replace"):
                return True
    return False


def refuse_if_locked(*folders: str) -> None:
    """Check that no run works in any of `folders`, such as results/laptop.

    Raises:
        UserError: one does, or was killed there.
    """
    if any(map(is_locked, folders)):
        raise UserError(explain_lock(Path.cwd()))


def last_log() -> dict[str, str]:
    """Return key ↦ value of what the run that started last before the lock was made said first."""
    dates = []
    for lock in (_STATE / "locks").glob("*.lock"):
        # A run that ends removes its locks.
        with contextlib.suppress(FileNotFoundError):
            dates.append(lock.stat().st_mtime)
    made = min(dates, default=0.0)
    logs = [path for path in (_STATE / "log").glob("*.log") if _start(path) <= made]
    if not logs:
        return {}
    with max(logs, key=_start).open(encoding="utf-8", errors="replace") as stream:
        head = [line.strip() for line in islice(stream, _HEAD)]
    return {key: value for key, _, value in (line.partition(": ") for line in head)}


def unseen_owner(told: dict[str, str]) -> str:
    """Return whose run a lock may be whose process cannot be seen from here; "" if there is none.

    Of other users' processes only root sees where they work, and of other hosts' nobody sees any.

    Args:
        told: what the run that has made the lock said first.
    """
    for lock in (_STATE / "locks").glob("*.lock"):
        # A run that ends removes its locks.
        with contextlib.suppress(FileNotFoundError):
            if os.geteuid() not in (0, lock.stat().st_uid):
                return f"the user with the number {lock.stat().st_uid}"
    host = told.get("Host", "a host that is not known")
    return "" if host == socket.gethostname() else f"a run on {host}"


def last_started(told: dict[str, str]) -> str | None:
    """Return host and command of a run from what it said first; None if it did not say them."""
    if "Host" not in told or "Command" not in told:
        return None
    return f"on {told['Host']}: {told['Command']}"


def _start(log: Path) -> float:
    """Return the time in the name of one of Snakemake's logs; infinity if it is named otherwise."""
    try:
        return time.mktime(time.strptime(log.name[:17], "%Y-%m-%dT%H%M%S"))
    except ValueError:
        return float("inf")


def explain_lock(project: Path) -> str:
    """Return who works in the project's folder, or that a run was killed there, and what to do."""
    if runs := other_runs(project):
        return (
            f"another run is working in this folder ({runs[0]}): wait for it, or stop it "
            f"with Ctrl-C or 'kill {runs[0].pid}', which keeps what it has finished"
        )
    said = last_log()
    told = last_started(said)
    started = f" The last one was started {told}." if told else ""
    # Snakemake removes what a job is about to make: a job of the killed run that Slurm starts only
    # now would take away what the next run has finished meanwhile.
    submitted = said.get("SLURM run ID")
    left = [] if submitted else orphans(project)
    jobs = f" {len(left)} of its jobs still go on, which does no harm." if left else ""
    cancel = f"'scancel --name={submitted}', which ends its Slurm jobs, then " if submitted else ""
    return (
        "a run was killed in this folder, or one goes on there on another machine that shares it."
        f"{started}{jobs} If it goes on, wait for it; if not: {cancel}'make unlock' "
        "(or 'snakemake --unlock' with the same configuration), then again"
    )
