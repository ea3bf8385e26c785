"""Run Snakemake and say in plain lines what it does, how far it is and how long is left.

    python workflow/build.py all --preset laptop --cores all

The same as `snakemake all --config preset=laptop --cores all`, whose own, longer output stands
in .snakemake/log/. The time left comes from the costs in workflow/config/costs.csv, scaled to
the speed of this machine as jobs finish; jobs that a profile submits elsewhere (--profile) wait in
queues, so that nothing is said of it then.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from command_line import add_choice, choice
from costs import START_SECONDS, cost, read_costs
from failures import Failures, killed
from pipeline.checks import check_targets
from pipeline.gpus import visible_gpus
from planning.words import duration
from prepare import prepare
from study.config import Config
from study.errors import UserError
from summary import summary

_PLANNED = re.compile(r"^(\w+) +(\d+)$")
_STARTED = re.compile(r"^Job \d+: (.*)$")
_FINISHED = re.compile(r"^Finished jobid: \d+ \(Rule: (\w+)\)$")
_SUBMITTED_AS = re.compile(r"^SLURM run ID: (\S+)$")
_FROM_A_JOB = re.compile(r"^(deepinit: .*|(data|tables|figures)/\S+: \d+/\d+ .*)$")


def expected_seconds(config: Config) -> dict[str, float]:
    """Return rule ↦ processor seconds of one of its jobs, measured or predicted."""
    costs, seconds = read_costs(), {}
    for paper, figures in config.figures().items():
        for key, section in figures.items():
            found = cost(costs, config, paper, key)
            each = found.seconds / max(1, len(section.parts())) if found else 0.0
            seconds[f"{paper}_{key}_parts"] = max(START_SECONDS, each)
    return seconds


class Estimate:
    """How much of the planned work is done, in expected processor seconds."""

    def __init__(self, seconds: dict[str, float], queued: bool = False) -> None:
        """Start the clock.

        Args:
            seconds: rule ↦ what one of its jobs takes.
            queued: whether jobs wait in the queue of a scheduler.
        """
        self._seconds = seconds
        self._queued = queued
        self._start = time.monotonic()
        self.planned = self.done = 0.0
        self.jobs = self.finished = 0

    def _weight(self, rule: str) -> float:
        return self._seconds.get(rule, START_SECONDS)

    def plan(self, rule: str, count: int) -> None:
        """Add `count` jobs of `rule` to the plan."""
        self.planned += count * self._weight(rule)
        self.jobs += count

    def finish(self, rule: str) -> None:
        """Count one job of `rule` as finished."""
        self.done += self._weight(rule)
        self.finished += 1

    def ending(self) -> str:
        """Return ", " and the time left; nothing where jobs wait in queues."""
        return "" if self._queued else f", {self.left()}"

    def left(self) -> str:
        """Return the time left in words, from the pace so far."""
        if self.finished >= self.jobs:
            return "all done"
        if self.done < 0.05 * self.planned:
            return "estimating the time left"
        pace = self.done / (time.monotonic() - self._start)
        seconds = (self.planned - self.done) / pace
        return f"about {duration(seconds)} left"


def run(command: list[str], estimate: Estimate, profile: Path | None = None) -> int:
    """Run Snakemake, print what matters, at the end why not all was made, and return its exit status.

    Args:
        command: Snakemake and its arguments.
        estimate: of the time left.
        profile: the folder of the profile among the arguments, if jobs are submitted with one.
    """
    console = Console(highlight=False, soft_wrap=True)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    others: list[str] = []
    failures = Failures(profile)
    try:
        _follow(process, estimate, console, others, failures)
    except KeyboardInterrupt:
        # Snakemake got the signal too: it cancels its jobs and gives the folder free.
        process.wait()
        _cancel_late_submissions(others)
        raise
    status = process.wait()
    if status < 0:
        console.print(killed(-status), markup=False)
        # As shells tell it.
        return 128 - status
    # Who holds the lock was said before, by the workflow itself.
    locked = any(line.startswith("LockException") for line in others)
    if status and not locked:
        if not estimate.finished and not failures.found:
            console.print("\n".join(others[-12:]), markup=False)
        console.print(
            "deepinit: not everything could be made; run again when the cause above is mended"
        )
    return status


def _cancel_late_submissions(lines: list[str]) -> None:
    """Cancel what Snakemake was submitting to Slurm while it was interrupted, and does not know."""
    for match in filter(None, map(_SUBMITTED_AS.match, lines)):
        subprocess.run(["scancel", f"--name={match[1]}"], capture_output=True, check=False)


def _follow(
    process: subprocess.Popen,
    estimate: Estimate,
    console: Console,
    others: list[str],
    failures: Failures,
) -> None:
    """Print what matters of Snakemake's output as it comes; lines of no use go to `others`."""
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("planning", total=None)
        for line in process.stdout:
            line = line.rstrip()
            if _FROM_A_JOB.match(line):
                console.print(line, markup=False)
                continue
            said, of_a_failure = failures.read(line)
            for text in said:
                console.print(text, markup=False)
            if of_a_failure:
                continue
            if match := _PLANNED.match(line):
                if match[1] != "total":
                    estimate.plan(match[1], int(match[2]))
                bar.update(task, total=estimate.planned)
            elif match := _STARTED.match(line):
                console.print(match[1], markup=False)
            elif match := _FINISHED.match(line):
                estimate.finish(match[1])
                state = f"{estimate.finished} of {estimate.jobs} jobs done{estimate.ending()}"
                bar.update(task, completed=estimate.done, description=state)
                if not console.is_terminal:
                    console.print(f"    {state}")
            elif not line.startswith("Using workflow specific profile"):
                others.append(line)
        for text in failures.end():
            console.print(text, markup=False)


def given_profile(folder: str) -> Path | None:
    """Return the folder of a profile; None for an empty name.

    Raises:
        UserError: it holds no profile. Snakemake would ignore that and run all jobs on this machine.
    """
    if not folder:
        return None
    if not any(Path(folder).glob("config*.yaml")):
        raise UserError(
            f"there is no profile in {folder}: name a folder with a file config.yaml, such as "
            "PROFILE=workflow/profiles/slurm"
        )
    return Path(folder)


def check_target(config: Config, target: str) -> None:
    """Check that a target is "all" or a figure's key.

    Raises:
        UserError: it is neither; `make list` is named.
    """
    check_targets(config, [target])
    if target.endswith("_parts"):
        raise UserError(
            f"'{target}' is a rule, not a figure: make {target.removesuffix('_parts')} makes its parts too"
        )


def main() -> int:
    """Build the target, then say where the results are; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target")
    add_choice(parser, option=True)
    parser.add_argument("--cores", default="all")
    parser.add_argument("--profile", default="", help="a profile's folder, to submit jobs with it")
    arguments = parser.parse_args()
    try:
        profile = given_profile(arguments.profile)
        config, settings = choice(arguments.preset, arguments.config)
        check_target(config, arguments.target)
        estimate = Estimate(expected_seconds(config), queued=profile is not None)
    except UserError as error:
        print(f"deepinit: {error}", file=sys.stderr)
        return 1
    # What a profile submits is limited by its number of jobs.
    where = ["--workflow-profile", str(profile)] if profile else ["--cores", arguments.cores]
    if not profile and (here := visible_gpus()):
        # Without it Snakemake starts as many jobs as there are cores, to wait for a GPU each.
        where += ["--resources", f"gpu={here}"]
    # Options take all words that follow them, so targets come first.
    command = [sys.executable, "-m", "snakemake", arguments.target]
    try:
        words = prepare(config, arguments.target, settings)
        status = run([*command, *words, *where, *settings], estimate, profile)
    except UserError as error:
        print(f"deepinit: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndeepinit: interrupted; what was finished is kept, run again to go on")
        return 130
    if status:
        return status
    if not estimate.jobs:
        print("Everything is up to date.")
    results = f"results/{config.preset}"
    if arguments.target == "all":
        print(summary(results))
    else:
        print(f"Done: {results}/figures/{arguments.target.replace('_', '/', 1)}.pdf and .png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
