# What all files of rules share: the checked configuration, the paths, and the specification and
# code hash of every job. Functions only, no rules.
#
# Rules whose jobs run where Snakemake was started have `retries: 0`: what fails there fails again.
# Parts, which may have wanted more memory or another node, are tried again as a profile says.
#
# What a cache between workflows may hold is marked so only in runs with --cache: without it, Snakemake
# prints a warning for every rule so marked.

import json
import logging
import os
import shlex
import sys
from pathlib import Path

if not (Path(workflow.basedir) / "workflow/pipeline").is_dir():
    sys.exit(
        "deepinit: this workflow cannot be a module of another, since its commands and paths start in its own "
        "folder: run it there, and read its results"
    )
sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from pipeline.interpreter import use_own_packages

# Before anything else is imported.
use_own_packages()

from pipeline.costs import read_costs
from study.folders import claims_file, title_of
from study.errors import UserError
from pipeline.job_resources import LONGEST, gpus, growing, part_memory, part_minutes
from pipeline import expected
from pipeline.checks import (
    check_drawings,
    check_folder,
    check_given_once,
    check_no_touch,
    check_results_folder,
    check_space,
    check_targets,
    of_a_carried_name,
    other_packages,
)
from study.code_hash import behind, code_hash
from study.load import load_config
from study.provenance import name_checkout, why_no_commit
from study.strict_yaml import read_yaml
from pipeline.runs import leave_note, remove_note

try:
    for file in workflow.configfiles:
        # Snakemake has read it, but does not tell of a key that stands twice.
        read_yaml(Path(file))
    SETTINGS = load_config(config)
    RESULTS = expected.results_folder(SETTINGS.preset)
    check_folder(Path(workflow.basedir))
    check_given_once(sys.argv[1:])
    check_results_folder(Path(RESULTS))
    if "DEEPINIT_JUDGED" not in os.environ:
        check_no_touch(sys.argv[1:])
    # Snakemake knows its targets only later, and then calls an unknown one a missing rule.
    check_targets(SETTINGS, sys.argv[1:])
    check_drawings(SETTINGS, sys.argv[1:])
    check_space([Path(RESULTS), Path(".snakemake")])
except UserError as error:
    # Ends Snakemake with this sentence alone; a WorkflowError would add a line of this file.
    sys.exit(f"deepinit: {error}")

# A log that cannot be written because the disk is full is no reason for a traceback a line.
logging.raiseExceptions = False


# A real run alone, once it has its lock.
onstart:
    leave_note(SETTINGS.preset, shlex.join(sys.argv))
    name_checkout()
    for warning in (
        of_a_carried_name(SETTINGS, workflow.configfiles),
        other_packages(),
        why_no_commit()
        and f"results will not name the commit of their code: {why_no_commit()}",
    ):
        if warning:
            print(f"deepinit: {warning}", file=sys.stderr)


onsuccess:
    remove_note(SETTINGS.preset)


onerror:
    remove_note(SETTINGS.preset)


# What each figure's jobs took when they were measured.
COSTS = read_costs()

# Captions and provenance see the values in force, defaults included.
config.update(SETTINGS.model_dump(mode="json"))


wildcard_constraints:
    paper="luther2019|hanin2018|marion2025",
    figure="[a-z0-9_]+",
    part="[a-z0-9_]+",


def result(path):
    """Return a path below the folder of this preset."""
    return f"{RESULTS}/{path}"


def table(paper, figure):
    """Return the path of the table of one figure."""
    return expected.table_path(SETTINGS.preset, paper, figure)


def part_table(paper, figure):
    """Return the path pattern of the parts of that table."""
    return expected.part_path(SETTINGS.preset, paper, figure, "{part}")


def part_log(paper, figure):
    return f"{RESULTS}/logs/tables/{paper}/{figure}/{{part}}.log"


def figure_log(paper, figure):
    return f"{RESULTS}/logs/figures/{paper}/{figure}.log"


def figure_path(paper, figure, suffix):
    return expected.figure_path(SETTINGS.preset, paper, figure, suffix)


def every_figure():
    """Return (paper, figure, section) of every figure, in the order of the papers."""
    return [
        (paper, figure, section)
        for paper, sections in SETTINGS.figures().items()
        for figure, section in sections.items()
    ]


def figure_files():
    """Return the files of all figures."""
    return [
        figure_path(paper, figure, suffix)
        for paper, figure, _ in every_figure()
        for suffix in ("pdf", "png")
    ]


def tables_of(paper):
    """Return the tables of all figures of one paper."""
    sections = SETTINGS.figures()[paper]
    return [table(paper, figure) for figure, section in sections.items() if section.parts()]


def table_files():
    """Return the tables of all figures."""
    return [path for paper in SETTINGS.figures() for path in tables_of(paper)]


def part_spec(paper, figure):
    """Return a function of the wildcards: the specification of one part, as JSON."""
    specs = expected.part_specs(SETTINGS, paper, figure)

    def spec(wildcards):
        return json.dumps(specs[wildcards.part])

    return spec


def part_data(paper, figure):
    """Return a function of the wildcards: the file of the data set of one part, if it reads one."""
    parts = SETTINGS.figures()[paper][figure].parts()

    def data(wildcards):
        file = expected.part_data(parts[wildcards.part]) or []
        # A complete data set has one content, however new its file is. The carried one may change.
        return ancient(file) if file and file != expected.CARRIED_SUBSET else file

    return data


def verdict_file(paper, figure):
    """Return the file of a figure's verdicts, in a list: an empty one for a figure without claims."""
    there = claims_file(paper, figure)
    return [expected.verdict_path(SETTINGS.preset, paper, figure)] if there else []


def verdict_files():
    """Return the verdicts of all papers and figures."""
    return list(expected.verdict_paths(SETTINGS))


def caption(paper, figure):
    """Return the path of a figure's caption, relative to the rules."""
    return f"../papers/{paper}/{figure}/caption.rst"


def captions():
    """Return the captions of all figures."""
    return [f"workflow/papers/{paper}/{figure}/caption.rst" for paper, figure, _ in every_figure()]


def figure_spec(paper, figure):
    """Return the specification of the drawing, as JSON."""
    return json.dumps(expected.drawing_spec(SETTINGS, paper, figure))


# Rules made in a loop share one command: Snakemake evaluates it when the job runs, long after
# the loop has ended, so what differs between them stands in their params.
JOB_COMMAND = (
    "python workflow/job.py {params.script} --spec {params.spec:q} {params.inputs} "
    "--output {output:q} --log {log:q} --code {params.code}"
)
# The parts of tables may run on a GPU.
PART_COMMAND = f"{JOB_COMMAND} --gpus {{resources.gpu}}"


def part_gpus(section):
    """Return a function, the GPUs that a part asks for: only when jobs run is it known where."""

    def resource(wildcards):
        return gpus(section, SETTINGS.device, workflow.local_exec and workflow.is_main_process)

    return resource


def named_inputs(wildcards, input):
    """Return the options that hand a job its input files by name."""
    return " ".join(
        shlex.join(["--input", name, *([files] if isinstance(files, str) else files)])
        for name, files in input.items()
        if files
    )


# Scripts ↦ code hash, in the environment that submitted jobs inherit.
PLANNED_CODE = "DEEPINIT_PLANNED_CODE"


def own_files():
    """Return the files of all networks of the user's own."""
    return [path for name in SETTINGS.own for path in expected.own_paths(SETTINGS.preset, name)]


def code(script, spec={}):
    """Return a function of the wildcards: the hash of all code behind a script.

    A job reruns if it changes. It is computed for jobs that are asked for, and for no others. The
    Snakemake of a node takes it from the one that has submitted the job: code may change meanwhile.
    """

    def hashed(wildcards):
        planned = json.loads(os.environ.get(PLANNED_CODE, "{}"))
        scripts = behind(script, spec)
        key = " ".join(scripts)
        if workflow.is_main_process or key not in planned:
            planned[key] = code_hash(*scripts)
            os.environ[PLANNED_CODE] = json.dumps(planned)
        return planned[key]

    return hashed


# The option with which a job gets the user's folder, if there is one.
DATA_FOLDER = (
    shlex.join(["--input", "folder", SETTINGS.data_folder]) if SETTINGS.data_folder else ""
)


def parts_of(wildcards):
    """Return the parts of the table that the wildcards name."""
    section = SETTINGS.figures()[wildcards.paper][wildcards.figure]
    pattern = part_table(wildcards.paper, wildcards.figure)
    return [pattern.format(part=part) for part in section.parts()]


def table_spec(wildcards):
    """Return the specification of that table, as JSON."""
    return json.dumps(expected.table_spec(SETTINGS, wildcards.paper, wildcards.figure))
