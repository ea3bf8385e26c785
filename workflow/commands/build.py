"""Make all figures, or one: run Snakemake, and say where results are.

    python workflow/cli.py build all --preset laptop --cores all

The same as `snakemake all --config preset=laptop --cores all`, whose own, longer output is in
.snakemake/log/. The time left comes from the costs in workflow/config/costs.csv, scaled to the speed
of this machine as jobs finish; jobs that a profile submits (--profile) wait in queues, for which no
time is known.
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from pipeline.checks import check_targets
from pipeline.command_line import add_choice, choice
from pipeline.costs import START_SECONDS, cost, read_costs
from pipeline.follow import TimeLeft, run
from pipeline.gpus import visible_gpus
from pipeline.outdated import files_of, outdated, tables_of
from pipeline.summary import figure_summary, summary
from study.config import Config
from study.errors import UserError
from study.strict_yaml import read_yaml


def expected_seconds(config: Config) -> dict[str, float]:
    """Return rule ↦ processor seconds of one of its jobs, measured or predicted."""
    costs, seconds = read_costs(), {}
    for paper, figures in config.figures().items():
        for key, section in figures.items():
            found = cost(costs, config, paper, key)
            each = found.of_a_part(len(section.parts())) if found else START_SECONDS
            seconds[f"{paper}_{key}_parts"] = each
    return seconds


def given_profile(folder: str) -> dict[str, Any]:
    """Return the options that a profile's folder sets; none for an empty name.

    Raises:
        UserError: it holds no profile, which Snakemake would ignore to run all jobs on this machine; or it
            submits to Slurm, which is not here.
    """
    if not folder:
        return {}
    files = sorted(Path(folder).glob("config*.yaml"))
    if not files:
        raise UserError(
            f"there is no profile in {folder}: name a folder with a file config.yaml, such as "
            "PROFILE=profiles/slurm"
        )
    options: dict[str, Any] = {}
    for file in files:
        content = read_yaml(file) or {}
        if not isinstance(content, dict):
            raise UserError(f"{file} is no profile: write options and their values, 'jobs: 10'")
        options |= content
    missing = [name for name in ("sbatch", "squeue") if not shutil.which(name)]
    if options.get("executor") == "slurm" and missing:
        raise UserError(
            f"{folder} submits jobs to Slurm, but {' and '.join(missing)} cannot be found here: "
            "start on a machine of the cluster that submits jobs"
        )
    return options


def check_target(config: Config, target: str) -> None:
    """Check that a target is "all" or a figure's key.

    Raises:
        UserError: it is neither.
    """
    check_targets(config, [target])
    if target not in ("all", *config.targets):
        raise UserError(f"'{target}' is no figure: 'make list' shows all of them")


def main() -> int:
    """Build the target, then say where the results are; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target")
    add_choice(parser, option=True)
    parser.add_argument("--cores", default="all")
    parser.add_argument("--profile", default="", help="a profile's folder, to submit jobs with it")
    arguments = parser.parse_args()
    profile = given_profile(arguments.profile)
    config, settings = choice(arguments.preset, arguments.config)
    check_target(config, arguments.target)
    submits = profile.get("executor", "local") != "local"
    estimate = TimeLeft(expected_seconds(config), queued=submits)
    where = ["--workflow-profile", arguments.profile] if arguments.profile else []
    # What a profile submits is limited by its number of jobs, and by cores if their number is given.
    if arguments.cores != "all" or not (submits or {"cores", "jobs"} & profile.keys()):
        where += ["--cores", arguments.cores]
    if not submits and "resources" not in profile and (here := visible_gpus()):
        # Without it Snakemake starts as many jobs as there are cores, to wait for a GPU each.
        where += ["--resources", f"gpu={here}"]
    # Options take all words that follow them, so targets come first.
    command = [sys.executable, "-m", "snakemake", arguments.target]
    try:
        words = tables_of(config, arguments.target)
        if again := outdated(files_of(config, arguments.target)):
            words += ["--forcerun", *again]
        status = run([*command, *words, *where, *settings], estimate)
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
        print(figure_summary(config.preset, arguments.target))
    return 0
