"""Run Snakemake and say in plain lines what it does, how far it is and how long is left.

    python workflow/build.py all --preset laptop --cores all

The same as `snakemake all --config preset=laptop --cores all`, whose own, longer output stands
in .snakemake/log/. The time left comes from the costs in workflow/config/costs.csv, scaled to
the speed of this machine as jobs finish.
"""

import argparse
import re
import subprocess
import sys
import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from costs import START_SECONDS, cost, read_costs
from deepinit.errors import UserError
from pipeline.config import Config
from pipeline.load import load_config, read_own
from summary import summary

_PLANNED = re.compile(r"^(\w+) +(\d+)$")
_STARTED = re.compile(r"^Job \d+: (.*)$")
_FINISHED = re.compile(r"^Finished jobid: \d+ \(Rule: (\w+)\)$")
_FAILED = re.compile(r"^Error in rule (\w+):$")
_LOG = re.compile(r"^ +log: (\S+) \(check log file.*$")
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

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds
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

    def left(self) -> str:
        """Return the time left in words, from the pace so far."""
        if self.finished >= self.jobs:
            return "all done"
        if self.done < 0.05 * self.planned:
            return "estimating the time left"
        pace = self.done / (time.monotonic() - self._start)
        seconds = (self.planned - self.done) / pace
        return (
            f"about {seconds:.0f} s left" if seconds < 90 else f"about {seconds / 60:.0f} min left"
        )


def run(command: list[str], estimate: Estimate) -> int:
    """Run Snakemake, print what matters and return its exit status."""
    console = Console(highlight=False, soft_wrap=True)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    others: list[str] = []
    try:
        _follow(process, estimate, console, others)
    except KeyboardInterrupt:
        # Snakemake got the signal too: it cancels its jobs and gives the folder free.
        process.wait()
        raise
    status = process.wait()
    if any(line.startswith("LockException") for line in others):
        console.print(
            "deepinit: another run is working in this folder, or one was killed here. If none is "
            "running any more: make unlock, then again"
        )
    elif status and not estimate.finished:
        console.print("\n".join(others[-12:]), markup=False)
    return status


def _follow(
    process: subprocess.Popen, estimate: Estimate, console: Console, others: list[str]
) -> None:
    """Print what matters of Snakemake's output as it comes; lines of no use go to `others`."""
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("planning", total=None)
        for line in process.stdout:
            line = line.rstrip()
            if match := _PLANNED.match(line):
                if match[1] != "total":
                    estimate.plan(match[1], int(match[2]))
                bar.update(task, total=estimate.planned)
            elif match := _STARTED.match(line):
                console.print(match[1], markup=False)
            elif match := _FINISHED.match(line):
                estimate.finish(match[1])
                state = f"{estimate.finished} of {estimate.jobs} jobs done, {estimate.left()}"
                bar.update(task, completed=estimate.done, description=state)
                if not console.is_terminal:
                    console.print(f"    {state}")
            elif match := _FAILED.match(line):
                console.print(f"deepinit: the step '{match[1]}' failed", markup=False)
            elif match := _LOG.match(line):
                console.print(f"    see {match[1]}", markup=False)
            elif _FROM_A_JOB.match(line):
                console.print(line, markup=False)
            elif not line.startswith("Using workflow specific profile"):
                others.append(line)


def main() -> int:
    """Build the target, then say where the results are; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target")
    parser.add_argument("--preset", default="laptop")
    parser.add_argument("--cores", default="all")
    parser.add_argument("--config", default="", help="a configuration file that names a preset")
    arguments = parser.parse_args()
    try:
        given = read_own(arguments.config) if arguments.config else {"preset": arguments.preset}
        config = load_config(given)
        estimate = Estimate(expected_seconds(config))
    except UserError as error:
        print(f"deepinit: {error}", file=sys.stderr)
        return 1
    preset = config.preset
    command = [sys.executable, "-m", "snakemake", arguments.target, "--cores", arguments.cores]
    try:
        own = ["--configfile", arguments.config]
        status = run(
            [*command, *(own if arguments.config else ["--config", f"preset={preset}"])], estimate
        )
    except KeyboardInterrupt:
        print("\ndeepinit: interrupted; what was finished is kept, run again to go on")
        return 130
    if status:
        print("deepinit: not everything could be made; run again when the cause above is mended")
        return status
    if not estimate.jobs:
        print("Everything is up to date.")
    results = f"results/{preset}"
    if arguments.target == "all":
        print(summary(results))
    else:
        print(f"Done: {results}/figures/{arguments.target.replace('_', '/', 1)}.pdf and .png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
