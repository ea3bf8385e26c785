"""Show what would run, why, and about how long and how much memory it would take.

    python workflow/cli.py plan                             # of all figures
    python workflow/cli.py plan marion2025_fig7 --preset smoke

Nothing is run, and a run that is at work is not disturbed.
"""

import argparse
import os

from pipeline.checks import check_targets, unpinned_packages
from pipeline.command_line import add_choice, choice
from pipeline.costs import read_costs
from pipeline.dry_run import PlannedJob, planned_jobs
from pipeline.estimates import estimates
from pipeline.outdated import files_of, outdated, tables_of
from pipeline.plan_table import show_plan
from study.config import Config


def cores(text: str) -> int:
    """Return how many cores `text` means, a number or "all"."""
    return len(os.sched_getaffinity(0)) if text == "all" else max(1, int(text))


def jobs_of_make(config: Config, targets: list[str], chosen: list[str]) -> list[PlannedJob]:
    """Return the jobs that `make` would run: what Snakemake plans, and what is outdated unseen by it."""
    made = {"all", *config.targets}
    files = {
        path: job for key in made & set(targets) for path, job in files_of(config, key).items()
    }
    targets = [*targets, *(table for target in targets for table in tables_of(config, target))]
    jobs = planned_jobs(targets, chosen)
    known = {path: job for job in jobs for path in job.outputs}
    if again := [path for path in outdated(files) if path not in known]:
        # What Snakemake plans by itself keeps its reasons.
        jobs = [known.get(job.outputs[0], job) for job in planned_jobs(targets, chosen, again)]
    return jobs


def main() -> None:
    """Print the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="*", help="figures, or files of the results")
    add_choice(parser, option=True)
    parser.add_argument("--cores", type=cores, default="all", help="how many to count with")
    arguments = parser.parse_args()
    targets = " ".join(arguments.target).split() or ["all"]
    config, chosen = choice(arguments.preset, arguments.config)
    check_targets(config, targets)
    if other := unpinned_packages():
        print(f"{other[0].upper()}{other[1:]}\n")
    jobs = jobs_of_make(config, targets, chosen)
    show_plan(jobs, estimates(jobs, config, read_costs()), arguments.cores)
