"""Follow a run of Snakemake by its events, and print what it does, how far it is and what failed."""

import contextlib
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.costs import START_SECONDS
from pipeline.snakemake_calls import environment
from study.units import duration

_LOCKED = (
    "deepinit: another run is using these files: wait for it or stop it. If an earlier run was killed: "
    "cancel the jobs it submitted, then 'make unlock' (or 'snakemake --unlock'), and run again"
)


class TimeLeft:
    """How much of the planned work is done, in expected processor seconds."""

    def __init__(self, seconds: Mapping[str, float], queued: bool = False) -> None:
        """Start the clock.

        Args:
            seconds: rule ↦ what one of its jobs takes.
            queued: whether jobs wait in the queue of a scheduler, so that no time left is known.
        """
        self._seconds = seconds
        self._queued = queued
        self._start = time.monotonic()
        self.planned = self.done = 0.0
        self.jobs = self.finished = 0

    def plan(self, rule: str, count: int) -> None:
        """Add `count` jobs of `rule` to the plan."""
        self.planned += count * self._seconds.get(rule, START_SECONDS)
        self.jobs += count

    def finish(self, rule: str) -> None:
        """Count one job of `rule` as finished."""
        self.done += self._seconds.get(rule, START_SECONDS)
        self.finished += 1

    def state(self) -> str:
        """Return how many jobs are done, and the time left at the pace so far."""
        done = f"{self.finished} of {self.jobs} jobs done"
        if self.finished >= self.jobs:
            return f"{done}, all done"
        if self._queued:
            return done
        if self.done < 0.05 * self.planned:
            return f"{done}, estimating the time left"
        pace = self.done / (time.monotonic() - self._start)
        return f"{done}, about {duration((self.planned - self.done) / pace)} left"


#: Rules that are not of one figure ↦ what is said when a job of theirs starts.
_STARTS = {
    "data_set": "getting the complete data set {data_set} and verifying it",
    "gather": "{paper} {figure}: putting the table together",
    "gather_verdicts": "putting the verdicts of all papers into one table",
    "settings": "writing down the configuration in force",
    "pages": "writing the pages",
}


def starts(rule: str, wildcards: Mapping[str, str]) -> str:
    """Return what to say when a job starts; "" of rules that only collect files."""
    if rule in _STARTS:
        return _STARTS[rule].format(**wildcards)
    if "part" in wildcards:
        rule, what = rule.removesuffix("_parts"), f"computing {wildcards['part']}"
    else:
        what = "probing" if rule.startswith("own_") else "drawing and judging"
    paper, _, figure = rule.partition("_")
    return f"{paper} {figure}: {what}" if figure else ""


class Follower:
    """Turns the lines that Snakemake and its jobs write into what `make` prints."""

    def __init__(self, estimate: TimeLeft) -> None:
        """Start; finished jobs are counted in `estimate`."""
        self.estimate = estimate
        self.failed = self.interrupted = self.locked = False
        #: Number of a job ↦ its rule.
        self._rules: dict[int, str] = {}
        self._printed: set[str] = set()
        #: What Snakemake could not do, other than a job.
        self.errors: list[str] = []
        #: The name under which Slurm knows the jobs of this run.
        self.slurm_run = ""

    def read(self, line: str) -> list[str]:
        """Return what to print of a line: an event as JSON, or what a job or the rules have said."""
        try:
            event: Any = json.loads(line)
        except ValueError:
            # What a job says that was interrupted while Python started is a traceback.
            return [] if self.interrupted or line.startswith("Using ") else [line]
        match event:
            case {"jobs": jobs}:
                for rule, count in jobs.items():
                    self.estimate.plan(rule, count)
            case {"job": job, "number": number}:
                self._rules[number] = job["rule"]
                said = starts(job["rule"], job["wildcards"])
                return [said] if said else []
            case {"finished": number}:
                self.estimate.finish(self._rules.get(number, ""))
            case {"failed": rule, "message": message, "logs": logs}:
                self.failed = True
                return self._failure(rule, message, logs)
            case {"error": text, "kind": kind}:
                self.locked |= kind == "LockException"
                self.errors.append(text)
            case {"warning": text}:
                return self._once([f"Snakemake: {text}"])
            case {"text": text}:
                if text.startswith("SLURM run ID: "):
                    self.slurm_run = text.split(": ")[1]
                elif text.startswith("Trying to restart job"):
                    return ["    it is tried again"]
            case {}:
                pass
            case _:
                return [line]
        return []

    def _failure(self, rule: str, message: str | None, logs: list[str]) -> list[str]:
        """Return lines on a failed job: what a scheduler said, if any, and the logs there are."""
        if self.interrupted:
            return []
        why = f": {' '.join(message.splitlines()[:2])}" if message else ""
        there = [Path(log) for log in logs if Path(log).is_file()]
        if not message and there:
            end = _end(there[0])
            if end == "interrupted":
                return self._once([f"deepinit: the step '{rule}' was interrupted"])
            if not end:
                why = ": it was killed, perhaps because memory ran out"
        named = [f"    see {log}" for log in there]
        return self._once([f"deepinit: the step '{rule}' failed{why}", *named])

    def _once(self, lines: list[str]) -> list[str]:
        """Return those of `lines` that were not printed before: many jobs may fail for one cause."""
        new = [line for line in lines if line not in self._printed]
        self._printed.update(new)
        return new


def _end(log: Path) -> str:
    """Return what a job's log says of its early end: "interrupted", "failed", or "" if it was killed."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    said = (line.partition(":")[0] for line in lines)
    return next((word for word in said if word in ("interrupted", "failed")), "")


def killed(number: int) -> str:
    """Return what to print when a signal has ended Snakemake."""
    memory = ", perhaps because memory ran out" if number == signal.SIGKILL else ""
    return (
        f"deepinit: Snakemake was killed ({signal.Signals(number).name}){memory}. What was finished is "
        "kept: run again, after 'make unlock' if you are told of a lock"
    )


def run(command: list[str], estimate: TimeLeft) -> int:
    """Run Snakemake, print what matters, and return its exit status.

    Args:
        command: Snakemake and its arguments.
        estimate: of the time left.
    """
    # What is started in the background of a script ignores Ctrl-C, and so would Snakemake.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    console = Console(highlight=False, soft_wrap=True)
    follower = Follower(estimate)
    process = subprocess.Popen(
        [*command, "--logger", "json-lines"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    # A thread, because jobs that outlive a killed Snakemake keep the pipe open.
    reader = threading.Thread(target=_print, args=(process, follower, console), daemon=True)
    reader.start()
    try:
        with _other_signals_as_ctrl_c(process, follower):
            status = process.wait()
    except KeyboardInterrupt:
        follower.interrupted = True
        # Snakemake got the signal too and cancels its jobs, but not one that it is just submitting.
        process.wait()
        reader.join(timeout=2)
        if follower.slurm_run:
            cancel = ["scancel", f"--name={follower.slurm_run}"]
            subprocess.run(cancel, capture_output=True, check=False)
        raise
    reader.join(timeout=None if status >= 0 else 2)
    if status < 0:
        console.print(killed(-status), markup=False)
        return 128 - status
    if follower.locked:
        console.print(_LOCKED)
    elif status:
        if not follower.failed:
            console.print("\n".join(follower.errors), markup=False)
        console.print("deepinit: the build is incomplete; fix the errors above and run again")
    return status


@contextlib.contextmanager
def _other_signals_as_ctrl_c(process: subprocess.Popen, follower: Follower) -> Iterator[None]:
    """Let a closed terminal and SIGTERM end Snakemake and its jobs as Ctrl-C does, which all of them get."""

    def interrupt(number: int, frame: object) -> None:
        follower.interrupted = True
        with contextlib.suppress(psutil.NoSuchProcess):
            jobs = psutil.Process(process.pid).children(recursive=True)
            for each in [psutil.Process(process.pid), *jobs]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _print(process: subprocess.Popen, follower: Follower, console: Console) -> None:
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    estimate = follower.estimate
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("planning", total=None)
        for line in process.stdout:
            finished = estimate.finished
            for text in follower.read(line.rstrip()):
                console.print(text, markup=False)
            if estimate.finished > finished:
                state = estimate.state()
                bar.update(task, total=estimate.planned, completed=estimate.done, description=state)
                if not console.is_terminal:
                    console.print(f"    {state}")
