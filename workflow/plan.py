"""Show what would run, why, and about how long and how much memory it would take.

    python workflow/plan.py                             # of all figures
    python workflow/plan.py marion2025_fig7 --preset smoke

Nothing is run, and a run that is at work is not disturbed.
"""

import argparse
import os
import sys
from pathlib import Path

from command_line import add_choice, choice, telling_mistakes
from costs import read_costs
from pipeline.adoption import Judgement
from pipeline.checks import check_targets, other_packages
from pipeline.expected import results_folder
from pipeline.integrity import check, outdated
from pipeline.runs import is_locked
from planning.copies import as_make_sees, in_words, judge_copies, made_anew
from planning.dry_run import PlannedJob, planned_jobs
from planning.estimates import estimates
from planning.table import show_plan
from prepare import files_of, tables_of
from study.config import Config
from study.errors import UserError

_PROJECT = Path(__file__).resolve().parents[1]


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


def files_of_targets(config: Config, targets: list[str]) -> set[str]:
    """Return the results of figures or of "all" that `make` looks at; none of other targets.

    None while a run is at work: what is being written would look damaged.
    """
    if is_locked(results_folder(config.preset)):
        return set()
    known = {*config.figure_keys(), "all"}
    chosen = [target for target in targets if target in known]
    return {path for target in chosen for path in files_of(config, target)}


def not_as_made(config: Config, wanted: set[str]) -> list[str]:
    """Return the wanted results that `make` would make again although they are there.

    They are damaged, or made from other files than lie there now. Snakemake does not see that.
    """
    if not wanted:
        return []
    results = Path(results_folder(config.preset))
    damaged = {damage.path.as_posix() for damage in check(results).damaged}
    return sorted((damaged & wanted) | set(outdated(results, wanted)))


def jobs_of_make(
    config: Config, targets: list[str], chosen: list[str]
) -> tuple[list[PlannedJob], Judgement]:
    """Return the jobs that `make` would run, and what it would do before with copied results."""
    targets = [*targets, *(table for target in targets for table in tables_of(config, target))]
    jobs = planned_jobs(targets, chosen)
    wanted = files_of_targets(config, targets)
    known = {path: job for job in jobs for path in job.outputs}
    copies, again = judge_copies(config, wanted), not_as_made(config, wanted)
    again = {*again, *made_anew(copies, {*known, *again})} - known.keys()
    if again:
        # What Snakemake plans by itself keeps its reasons.
        with_those = planned_jobs(targets, chosen, sorted(again))
        jobs = [known.get(job.outputs[0], job) for job in with_those]
    return as_make_sees(jobs, copies), copies


def plan(targets: list[str], preset: str, own: str, cores: int) -> None:
    """Print the plan of targets under a preset or a configuration file of one's own."""
    config, chosen = choice(preset, own)
    check_targets(config, targets)
    if other := other_packages():
        print(f"{other[0].upper()}{other[1:]}\n")
    jobs, copies = jobs_of_make(config, targets, chosen)
    if copied := in_words(copies):
        print(f"{copied}\n")
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


if __name__ == "__main__":
    sys.exit(main())
