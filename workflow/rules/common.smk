# What all files of rules share: the checked configuration, the paths, and the specification and
# code hash of every job. Functions only, no rules.

import json
import shlex
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from costs import read_costs
from deepinit.errors import UserError
from job_resources import LONGEST, gpus, growing, part_memory, part_minutes
from pipeline.checks import check_folder, check_results_folder, check_targets
from pipeline.closure import code_hash
from pipeline.interpreter import put_first_on_path
from pipeline.load import load_config, preset_names

try:
    SETTINGS = load_config(config)
    RESULTS = f"results/{SETTINGS.preset}"
    check_folder(Path(workflow.basedir))
    check_results_folder(Path(RESULTS))
    # Snakemake knows its targets only later, and then calls an unknown one a missing rule.
    check_targets(SETTINGS, sys.argv[1:])
except UserError as error:
    # Ends Snakemake with this sentence alone; a WorkflowError would add a line of this file.
    sys.exit(f"deepinit: {error}")

# The preset as the project carries it, to tell which figures' values were changed.
carried = SETTINGS.preset in preset_names()
CARRIED = load_config({"preset": SETTINGS.preset}) if carried else None

# What each figure's jobs took when they were measured.
COSTS = read_costs()

put_first_on_path()

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
    section = SETTINGS.figures()[paper][figure]
    parts = section.parts()
    shared = {"paper": paper, "figure": figure}
    if section.random:
        shared |= {"root_seed": SETTINGS.root_seed, "device": SETTINGS.device}

    def spec(wildcards):
        return json.dumps({**shared, **parts[wildcards.part]})

    return spec


def part_script(paper, figure):
    """Return the script that computes the parts of a figure's table."""
    section = SETTINGS.figures()[paper][figure]
    return f"scripts/{paper}/{section.script or figure}.py"


def part_data(paper, figure):
    """Return a function of the wildcards: the file of the data set of one part, if it reads one."""
    parts = SETTINGS.figures()[paper][figure].parts()

    def data(wildcards):
        name = parts[wildcards.part].get("data")
        if name is None:
            return []
        # A complete data set has one content, however new its file is. The carried one may change.
        return CARRIED_SUBSET if name == "mnist_subset" else ancient(f"{DATA}/{name}.npz")

    return data


def figure_spec(paper, figure):
    """Return the specification of the drawing: the settings of all it draws, and the preset.

    A figure whose values were changed says so beside the preset's name.
    """
    sections = SETTINGS.figures()[paper]
    section = sections[figure]
    drawn = (figure, *section.reads)
    carried = CARRIED.figures()[paper] if CARRIED else sections
    changed = any(sections[key] != carried[key] for key in drawn)
    return json.dumps(
        {
            "paper": paper,
            "figure": figure,
            "preset": f"{SETTINGS.preset} (changed)" if changed else SETTINGS.preset,
            "settings": section.model_dump(mode="json"),
            "read_settings": {key: sections[key].model_dump(mode="json") for key in section.reads},
        }
    )


def drawing_inputs(paper, figure):
    """Return name ↦ file, or files, that the drawing of a figure reads."""
    section = SETTINGS.figures()[paper][figure]
    files = {"table": table(paper, figure)} if section.parts() else {}
    files |= {key: table(paper, key) for key in section.reads}
    if section.published:
        files["published"] = [f"workflow/claims/reference/{stem}.csv" for stem in section.published]
    return {**files, "style": "workflow/figures/style.mplstyle"}


# Rules made in a loop share one command: Snakemake evaluates it when the job runs, long after
# the loop has ended, so what differs between them stands in their params.
JOB_COMMAND = (
    "python workflow/job.py {params.script} --spec {params.spec:q} {params.inputs} "
    "--output {output:q} --log {log:q}"
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


def code(script):
    """Return the hash of all project code behind a script: a job reruns if it changes."""
    return code_hash("job.py", script)


def published_grids(paper):
    """Return the files of published values of one paper."""
    folder = Path(workflow.basedir) / "workflow/claims/reference"
    return [
        f"workflow/claims/reference/{file.name}" for file in sorted(folder.glob(f"{paper}_*.csv"))
    ]


# Complete data sets are shared by all presets. The carried subset is known by its checksums.
DATA = "results/data"
CARRIED_SUBSET = "workflow/data/mnist_subset/SHA256SUMS"
# The option with which a job gets the user's folder, if there is one.
DATA_FOLDER = (
    shlex.join(["--input", "folder", SETTINGS.data_folder]) if SETTINGS.data_folder else ""
)


def parts_of(wildcards):
    """Return the parts of the table that the wildcards name."""
    section = SETTINGS.figures()[wildcards.paper][wildcards.figure]
    pattern = part_table(wildcards.paper, wildcards.figure)
    return [pattern.format(part=part) for part in section.parts()]


def missing_columns(wildcards):
    """Return the columns of that table that may lack a value."""
    return SETTINGS.figures()[wildcards.paper][wildcards.figure].missing
