"""Make one figure without Snakemake, on a machine that has none or in a debugger.

    python workflow/cli.py run marion2025_fig7 --preset smoke

Its jobs run one after another. What is there and as this checkout would make it stays. Whether another run is
at work is not asked. For a debugger put `-m pdb` into the command of one job, the first line of its log.
"""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

from pipeline.checks import check_targets
from pipeline.command_line import add_choice, choice
from pipeline.expected import jobs_behind, log_of
from pipeline.job_resources import gpus
from pipeline.outdated import outdated
from pipeline.summary import figure_summary
from study.config import Config
from study.errors import UserError


def data_command(config: Config, file: str) -> str:
    """Return the command that gets a complete data set, results/data/<name>.npz."""
    words = ["python", "workflow/job.py", "scripts/fetch_data.py"]
    words += ["--spec", json.dumps({"data_set": Path(file).stem})]
    words += ["--input", "folder", config.data_folder] if config.data_folder else []
    return shlex.join([*words, "--output", file, "--log", log_of(file)])


def run(config: Config, key: str) -> None:
    """Run those jobs of a figure whose files are not there as this checkout would make them.

    Raises:
        UserError: there is no such figure, a data set is missing, or a job has failed.
    """
    check_targets(config, [key])
    if key not in config.targets:
        raise UserError(f"there is no figure '{key}': 'make list' shows all of them")
    paper, _, figure = key.partition("_")
    jobs = jobs_behind(config, paper, figure)
    made_now: set[str] = set()
    old = set(outdated({path: each for each in jobs for path in each.outputs}))
    # Parts that were deleted, to save space perhaps: their table is enough.
    spared = {
        part
        for each in jobs
        if Path(each.outputs[0]).is_file()
        and old.isdisjoint([*each.outputs, *(f for files in each.inputs.values() for f in files)])
        for part in each.inputs.get("part", [])
    }
    for each in jobs:
        read = {file for files in each.inputs.values() for file in files}
        there = all(
            (path in spared or Path(path).is_file()) and path not in old for path in each.outputs
        )
        if there and not read & made_now:
            continue
        for file in each.inputs.get("data", []):
            if not Path(file).is_file():
                raise UserError(f"{file} is missing; to get it: {data_command(config, file)}")
        print(f"{each.outputs[0]}", flush=True)
        words = [each.script, "--spec", json.dumps(each.spec), "--code", each.code]
        for name, files in each.inputs.items():
            words += ["--input", name, *files] if files else []
        log = log_of(each.outputs[-1])
        if each.script.endswith("/compute.py"):
            section = config.figures()[paper][each.spec["figure"]]
            words += ["--gpus", str(gpus(section, config.device, runs_here=True))]
        words += ["--output", *each.outputs, "--log", log]
        command = [sys.executable, "workflow/job.py", *words]
        if subprocess.run(command, check=False).returncode:
            raise UserError(f"the job for {each.outputs[0]} failed, see above and {log}")
        made_now.update(each.outputs)


def main() -> None:
    """Make the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figure", help="a key, such as marion2025_fig7")
    add_choice(parser, option=True)
    arguments = parser.parse_args()
    config = choice(arguments.preset, arguments.config).config
    run(config, arguments.figure)
    print(figure_summary(config.preset, arguments.figure))
