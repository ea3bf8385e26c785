"""Make one figure without Snakemake, on a machine that has none or in a debugger.

    python workflow/cli.py run marion2025_fig7 --preset smoke
    python -m pdb workflow/cli.py run marion2025_fig7 --preset smoke --here

Its jobs run one after another, with --here in this process (numbers are the same, and the packages that
files name are those of the whole process). What is there and as this checkout would make it stays.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import job
from pipeline import expected
from pipeline.checks import check_targets
from pipeline.command_line import add_choice, choice, telling_mistakes
from pipeline.expected import Expected
from pipeline.job_resources import gpus
from pipeline.judgement import judge, record_of
from pipeline.runs import refuse_if_at_work
from study.config import Config
from study.errors import UserError


def jobs(config: Config, key: str) -> Iterator[tuple[Expected, dict[str, list[str]], list[str]]]:
    """Yield how each job of a figure makes its files: inputs by name, and outputs."""
    paper, _, figure = key.partition("_")
    if paper == "own":
        made = Expected(expected.OWN_SCRIPT, expected.own_spec(config, figure))
        yield made, {}, expected.own_paths(config.preset, figure)
        return
    sections, preset = config.figures()[paper], config.preset
    for table in [name for name in (figure, *sections[figure].reads) if sections[name].parts()]:
        specs = expected.part_specs(config, paper, table)
        paths = {part: expected.part_path(preset, paper, table, part) for part in specs}
        for part, spec in specs.items():
            data = expected.part_data(spec)
            made = Expected(expected.part_script(paper, table), spec)
            yield made, {"data": [data]} if data else {}, [paths[part]]
        made = Expected(expected.GATHER_SCRIPT, expected.table_spec(config, paper, table))
        yield made, {"part": list(paths.values())}, [expected.table_path(preset, paper, table)]
    inputs = {
        name: [files] if isinstance(files, str) else files
        for name, files in expected.drawing_inputs(config, paper, figure).items()
    }
    verdicts = expected.verdict_path(preset, paper, figure)
    drawings = [expected.figure_path(preset, paper, figure, suffix) for suffix in ("pdf", "png")]
    outputs = [verdicts, *drawings] if "claims" in inputs else drawings
    made = Expected(
        expected.drawing_script(paper, figure), expected.drawing_spec(config, paper, figure)
    )
    yield made, inputs, outputs


def run(config: Config, key: str, here: bool = False) -> None:
    """Run those jobs of a figure whose files are not there as this checkout would make them.

    Args:
        here: in this process, and not in one of its own each.

    Raises:
        UserError: there is no such figure, a data set is missing, or a job has failed.
    """
    check_targets(config, [key])
    if key not in config.targets:
        raise UserError(f"there is no figure '{key}': 'make list' shows all of them")
    refuse_if_at_work(config.preset)
    all_jobs = list(jobs(config, key))
    made_now: set[str] = set()
    fit = judge({path: made for made, _, outputs in all_jobs for path in outputs}).fit
    for made, inputs, outputs in all_jobs:
        read = {file for files in inputs.values() for file in files}
        if fit.issuperset(outputs) and not read & made_now:
            continue
        if missing := [file for file in inputs.get("data", []) if not Path(file).is_file()]:
            raise UserError(f"{missing[0]} is missing: 'snakemake --cores 1 {missing[0]}' gets it")
        print(f"{outputs[0]}", flush=True)
        words = [made.script, "--spec", json.dumps(made.spec), "--code", made.code]
        for name, files in inputs.items():
            words += ["--input", name, *files] if files else []
        log = record_of(outputs[-1]).with_suffix(".log")
        if made.script.endswith("/compute.py"):
            section = config.figures()[made.spec["paper"]][made.spec["figure"]]
            words += ["--gpus", str(gpus(section, config.device, runs_here=True))]
        words += ["--output", *outputs, "--log", str(log)]
        command = [sys.executable, "workflow/job.py", *words]
        if job.main(words) if here else subprocess.run(command, check=False).returncode:
            raise UserError(f"the job for {outputs[0]} failed, see above and {log}")
        made_now.update(outputs)


@telling_mistakes
def main() -> int:
    """Make the figure and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figure", help="a key, such as marion2025_fig7")
    parser.add_argument("--here", action="store_true", help="in this process, for a debugger")
    add_choice(parser, option=True)
    arguments = parser.parse_args()
    config = choice(arguments.preset, arguments.config).config
    run(config, arguments.figure, arguments.here)
    print(expected.done(config.preset, arguments.figure))
    return 0
