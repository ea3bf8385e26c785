# What the rule files share: the checked configuration, the paths, and the specification and
# code hash of every job. Functions only, no rules.

import json
import os
import sys
from pathlib import Path

# The project's own modules, for this process and for the interpreter that jobs find as
# "python": the one that runs Snakemake, unless a conda environment comes before it.
sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

from deepinit.errors import UserError
from pipeline.checks import check_results_folder, check_targets
from pipeline.closure import code_hash
from pipeline.load import load_config

try:
    SETTINGS = load_config(config)
    RESULTS = f"results/{SETTINGS.preset}"
    check_results_folder(Path(RESULTS))
    # Snakemake knows its targets only later, and then calls an unknown one a missing rule.
    check_targets(SETTINGS, sys.argv[1:])
except UserError as error:
    # Ends Snakemake with this sentence alone; a WorkflowError would add a line of this file.
    sys.exit(f"deepinit: {error}")

# Captions and provenance see the values in force, defaults included.
config.update(SETTINGS.model_dump(mode="json"))

JOB = "python workflow/job.py"


wildcard_constraints:
    paper="luther2019|hanin2018|marion2025",
    figure="[a-z0-9_]+",
    part="[a-z0-9_]+",


def table(paper, figure):
    """Return the path of the table of one figure."""
    return f"{RESULTS}/tables/{paper}/{figure}.parquet"


def part_table(paper, figure):
    """Return the path pattern of the parts of that table."""
    return f"{RESULTS}/tables/{paper}/{figure}/{{part}}.parquet"


def part_log(paper, figure):
    return f"{RESULTS}/logs/tables/{paper}/{figure}/{{part}}.log"


def figure_log(paper, figure):
    return f"{RESULTS}/logs/figures/{paper}/{figure}.log"


def figure_path(paper, figure, suffix):
    return f"{RESULTS}/figures/{paper}/{figure}.{suffix}"


def figure_files():
    """Return the files of all figures."""
    return [
        figure_path(paper, figure, suffix)
        for paper, sections in SETTINGS.figures().items()
        for figure in sections
        for suffix in ("pdf", "png")
    ]


def tables_of(paper):
    """Return the tables of all figures of one paper."""
    return [table(paper, figure) for figure in SETTINGS.figures()[paper]]


def part_spec(paper, figure):
    """Return a function of the wildcards: the specification of one part, as JSON."""
    section = SETTINGS.figures()[paper][figure]
    parts = section.parts()
    shared = {"paper": paper, "figure": figure}
    if section.random:
        shared |= {"root_seed": SETTINGS.root_seed, "device": SETTINGS.device}

    def spec(wildcards):
        return json.dumps({**shared, **parts[wildcards.part]})

    return spec


def figure_spec(paper, figure):
    """Return the specification of the drawing: the preset's name and the figure's section."""
    section = SETTINGS.figures()[paper][figure]
    settings = section.model_dump(mode="json")
    return json.dumps(
        {"paper": paper, "figure": figure, "preset": SETTINGS.preset, "settings": settings}
    )


def code(script):
    """Return the hash of all project code behind a script: a job reruns if it changes."""
    return code_hash("job.py", script)


def published_grids(paper):
    """Return the files of published values of one paper."""
    folder = Path(workflow.basedir) / "workflow/claims/reference"
    return [
        f"workflow/claims/reference/{file.name}" for file in sorted(folder.glob(f"{paper}_*.csv"))
    ]
