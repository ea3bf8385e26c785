# What all files of rules share: the checked configuration, the paths, and the specification and
# code hash of every job. Functions only, no rules.
#
# Rules whose jobs run where Snakemake was started have `retries: 0`: what fails there fails again.
# Downloads are tried three times; parts, which may have wanted more memory or another node, as often
# as a profile says.
#
# What a cache between workflows may hold is marked so only in runs with --cache: without it, Snakemake
# prints a warning for every rule so marked.

import json
import logging
import os
import re
import shlex
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from pipeline.interpreter import use_own_packages

# Before anything else is imported.
use_own_packages()

from pipeline.costs import read_costs
from study.folders import title_of
from study.errors import UserError
from pipeline.job_resources import LONGEST, doubling_per_attempt, gpus, part_memory, part_minutes
from pipeline import expected
from pipeline.checks import check_folder, check_targets, check_writable, unpinned_packages
from study.load import check_preset, load_config
from study.strict_yaml import read_yaml

try:
    for file in workflow.configfiles:
        # Snakemake has read it, but does not tell of a key that stands twice.
        read_yaml(Path(file))
    check_preset(config, workflow.configfiles)
    SETTINGS = load_config(config)
    RESULTS = expected.results_folder(SETTINGS.preset)
    check_folder(Path(workflow.basedir))
    check_writable([Path(RESULTS), Path(".snakemake")])
    # Snakemake knows its targets only later, and then calls an unknown one a missing rule.
    check_targets(SETTINGS, sys.argv[1:])
    # Path of a result ↦ the job that makes it.
    JOBS = expected.expected_files(SETTINGS)
except UserError as error:
    # Ends Snakemake with this sentence alone; a WorkflowError would add a line of this file.
    sys.exit(f"deepinit: {error}")

# A log that cannot be written because the disk is full is no reason for a traceback a line.
logging.raiseExceptions = False


# A real run alone, once it has its lock.
onstart:
    if warning := unpinned_packages():
        print(f"deepinit: {warning}", file=sys.stderr)


# What each figure's jobs took when they were measured.
COSTS = read_costs()

# Captions and provenance see the values in force, defaults included.
config.update(SETTINGS.model_dump(mode="json"))


wildcard_constraints:
    paper="|".join(SETTINGS.figures()),
    figure="[a-z0-9_]+",


def result(path):
    """Return a path below the folder of this preset."""
    return f"{RESULTS}/{path}"


def inputs_of(path):
    """Return name ↦ files of what the job behind a path below that folder reads."""
    return JOBS[result(path)].inputs


def every_figure():
    """Return (paper, figure, section) of every figure, in the order of the papers."""
    return [
        (paper, figure, section)
        for paper, sections in SETTINGS.figures().items()
        for figure, section in sections.items()
    ]


def files_below(folder, depth):
    """Return the results in a folder, so many folders deep: figures, or tables without their parts."""
    start = result(folder)
    return [path for path in JOBS if path.startswith(start) and path.count("/") == depth]


def part_data(paper, figure):
    """Return a function of the wildcards: the file of the data set of one part, if it reads one."""

    def data(wildcards):
        files = inputs_of(f"tables/{paper}/{figure}/{wildcards.part}.parquet")["data"]
        # A data set has one content, however new its file is.
        return list(map(ancient, files))

    return data


def parts_of(wildcards):
    """Return the parts of the table that the wildcards name."""
    return inputs_of(f"tables/{wildcards.paper}/{wildcards.figure}.parquet")["part"]


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


def job_params(path):
    """Return the params of the jobs that make a result; wildcards stand in braces in its path.

    A job reruns if its specification or the hash of its code changes. So these are functions of the
    wildcards alone: Snakemake does not compare what is derived from a job's files.
    """

    def job(wildcards):
        return JOBS[result(path).format(**dict(wildcards.items()))]

    def code(wildcards):
        # All code behind a script is read for jobs that are asked for alone.
        try:
            return job(wildcards).code
        except UserError as error:
            sys.exit(f"deepinit: {error}")

    return {
        "spec": lambda wildcards: json.dumps(job(wildcards).spec),
        "code": code,
        "script": lambda wildcards: job(wildcards).script,
        "inputs": named_inputs,
    }


# The option with which a job gets the user's folder, if there is one.
DATA_FOLDER = (
    shlex.join(["--input", "folder", SETTINGS.data_folder]) if SETTINGS.data_folder else ""
)
