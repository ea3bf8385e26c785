"""Show what would run, why, and about how long and how much memory it would take.

    python workflow/cli.py plan                             # of all figures
    python workflow/cli.py plan marion2025_fig7 --preset smoke

Nothing is run, and a run that is at work is not disturbed.
"""

import argparse
import os
from pathlib import Path

from pipeline.checks import check_targets, other_packages
from pipeline.command_line import add_choice, choice, telling_mistakes
from pipeline.costs import read_costs
from pipeline.dry_run import PlannedJob, planned_jobs
from pipeline.estimates import estimates
from pipeline.judgement import Judgement, judge
from pipeline.plan_table import show_plan
from pipeline.prepare import files_of, tables_of
from pipeline.runs import is_at_work
from study.config import Config
from study.errors import UserError

_PROJECT = Path(__file__).resolve().parents[2]


def number_of_cores(text: str) -> int:
    """Return how many cores `text` means, a number or "all".

    Raises:
        UserError: it is neither.
    """
    if text == "all":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if text.isdigit() and int(text):
        return int(text)
    raise UserError(f"the number of cores is a whole number or 'all', not '{text}'")


def judge_targets(config: Config, targets: list[str]) -> Judgement:
    """Return what `make` finds of the results of figures or of "all"; nothing of other targets.

    Nothing while a run is at work: what is being written would look damaged.
    """
    if is_at_work(config.preset):
        return Judgement()
    known = {*config.targets, "all"}
    chosen = [target for target in targets if target in known]
    return judge(
        {path: made for key in chosen for path, made in files_of(config, key).items() if made}
    )


def jobs_of_make(config: Config, targets: list[str], chosen: list[str]) -> list[PlannedJob]:
    """Return the jobs that `make` would run.

    Beside what Snakemake plans these are those of files that are damaged or were made from others,
    which it does not see, without those of copied files that fit.
    """
    judged = judge_targets(config, targets)
    targets = [*targets, *(table for target in targets for table in tables_of(config, target))]
    jobs = planned_jobs(targets, chosen)
    known = {path: job for job in jobs for path in job.outputs}
    again = {*judged.damaged, *judged.unfit} - known.keys()
    if again:
        # What Snakemake plans by itself keeps its reasons.
        with_those = planned_jobs(targets, chosen, sorted(again))
        jobs = [known.get(job.outputs[0], job) for job in with_those]
    copies = judged.fit & judged.foreign
    return [job for job in jobs if not copies.issuperset(job.outputs)]


def plan(targets: list[str], preset: str, own: str, cores: int) -> None:
    """Print the plan of targets under a preset or a configuration file of one's own."""
    config, chosen = choice(preset, own)
    check_targets(config, targets)
    if other := other_packages():
        print(f"{other[0].upper()}{other[1:]}\n")
    jobs = jobs_of_make(config, targets, chosen)
    show_plan(jobs, estimates(jobs, config, read_costs()), cores)


@telling_mistakes
def main() -> int:
    """Print the plan and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="*", help="figures, or files of the results")
    add_choice(parser, option=True)
    parser.add_argument("--cores", default="all", help="how many to count with")
    arguments = parser.parse_args()
    targets = [target for target in arguments.target if target] or ["all"]
    own = str(Path(arguments.config).resolve()) if arguments.config else ""
    cores = number_of_cores(arguments.cores)
    # Paths of results, of logs and of records are relative to the project.
    os.chdir(_PROJECT)
    plan(targets, arguments.preset, own, cores)
    return 0
