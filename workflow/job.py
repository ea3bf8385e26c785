"""Run one job of the workflow, with or without Snakemake.

    python workflow/job.py papers/marion2025/fig7/compute.py --spec '{…}' --output table.parquet

Every table and figure records the command that made it.
"""

import os
import sys
import time

STARTED = time.time()
# Ctrl-C needs no traceback.
sys.excepthook = lambda kind, *rest: kind is KeyboardInterrupt or sys.__excepthook__(kind, *rest)
# Before numpy, torch or matplotlib is imported. What would change numbers or figures, or lead git to
# another repository, is left out, whoever has set it.
LEFT_OUT = (
    "ATEN_ CUBLAS_ DNNL_ GIT_ KMP_ MATPLOTLIBRC MKL_ NPY_ NVIDIA_TF32 OMP_ ONEDNN_ OPENBLAS_ TORCH_"
)
for variable in [name for name in os.environ if name.startswith(tuple(LEFT_OUT.split()))]:
    del os.environ[variable]
# With a fixed number of threads sums are taken in a fixed order, whatever the machine.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["MPLBACKEND"] = "agg"

import argparse  # noqa: E402
import importlib  # noqa: E402
import json  # noqa: E402
import traceback  # noqa: E402
from pathlib import Path  # noqa: E402

from study.code_hash import (  # noqa: E402
    WORKFLOW,
    code_hash,
    import_closure,
    is_unchanged,
    scripts_of_job,
    user_folders,
)
from study.errors import UserError, explanation  # noqa: E402
from study.job import Job  # noqa: E402
from study.provenance import checksums, git_commit, write_run_record  # noqa: E402


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command line, parsed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("script", help="the script, relative to workflow/")
    parser.add_argument("--spec", required=True, help="the job's specification, JSON")
    parser.add_argument("--input", nargs="+", action="append", default=[], metavar=("NAME", "FILE"))
    parser.add_argument("--output", nargs="+", required=True, type=Path)
    parser.add_argument("--log", type=Path, default=Path(os.devnull))
    parser.add_argument("--code", help="the code hash that was planned; other code is refused")
    parser.add_argument(
        "--gpus", type=int, help="how many the job was given; without it 'auto' takes one it sees"
    )
    return parser.parse_args(arguments)


def own_modules(scripts: tuple[str, ...]) -> set[Path]:
    """Return the files of modules in memory that are the project's, or the user's among scripts."""
    named = {Path(getattr(module, "__file__", None) or "") for module in sys.modules.values()}
    folders = (WORKFLOW, *user_folders(scripts))
    # The environment may lie in the user's folder.
    elsewhere = (Path(sys.prefix), Path(sys.base_prefix))
    return {
        file
        for file in named
        if any(file.is_relative_to(folder) for folder in folders)
        and not any(file.is_relative_to(folder) for folder in elsewhere)
    }


def start_log(path: Path) -> Path | None:
    """Make the log's folder and return the path of the run record beside it, None without a log.

    What an earlier run of the job has left goes first: a record that is there belongs to the outputs that
    are there, and a log says how its own run ended.
    """
    if path == Path(os.devnull):
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    record = path.with_suffix(".json")
    for left in (path, record):
        left.unlink(missing_ok=True)
    return record


def _to_import(undeclared: set[Path]) -> list[Path]:
    """Return the modules to import by name, so that all of these files are known to the workflow."""
    # Not the packages, nor what others of these files import themselves.
    modules = {path for path in undeclared if path.name != "__init__.py"} or undeclared
    below = {path for each in modules for path in import_closure(str(each)) if path != each}
    return [
        path.relative_to(WORKFLOW) if path.is_relative_to(WORKFLOW) else Path(path.name)
        for path in sorted(modules - below or modules)
    ]


def run_script(job: Job, planned: str | None) -> str:
    """Run the job's script and return the hash of the code that ran.

    Args:
        planned: the code hash that the job is to run with; None takes what is there.

    Raises:
        UserError: the code is another than planned, or hidden from the workflow.
    """
    # Before the script is imported. The commit and the hash are kept for all that asks later, since
    # files may be edited while the job runs.
    git_commit()
    scripts = scripts_of_job(job.script, job.spec)
    before = own_modules(scripts)
    code = code_hash(*scripts)
    module = importlib.import_module(".".join(Path(job.script).with_suffix("").parts))
    if planned not in (None, code) or not is_unchanged(*scripts):
        raise UserError("the code has changed since this job was planned: run again")
    # A figure's module has the object `figure`, which the engine runs.
    getattr(module, "figure", module).run(job)
    if undeclared := own_modules(scripts) - before - set(import_closure(*scripts)):
        who = " or ".join(scripts[2:]) or job.script
        used = _to_import(undeclared)
        imports = [f"'from {'.'.join(path.with_suffix('').parts)} import …'" for path in used]
        raise UserError(
            f"{who} has used {', '.join(map(str, used))} without a plain import statement, and changes there "
            f"would go unnoticed: write {' and '.join(imports)}, the module itself and not a package that "
            "offers its names"
        )
    return code


def main(words: list[str] | None = None) -> int:
    """Run the job of a command line, this process's if none is given; return the exit status."""
    arguments = parse_arguments(words)
    try:
        record = start_log(arguments.log)
        with arguments.log.open("w", encoding="utf-8") as log:
            job = Job(
                script=arguments.script,
                spec=json.loads(arguments.spec),
                inputs={name: [Path(file) for file in files] for name, *files in arguments.input},
                outputs=arguments.output,
                log=log,
                gpus=arguments.gpus,
                log_path=None if record is None else arguments.log,
                label=arguments.output[0].with_suffix("").as_posix().split("/", 2)[-1],
            )
            print(job.command(), file=log, flush=True)
            # A log that does not say why its job ended early is of one that was killed
            # (`pipeline.follow`).
            try:
                read = checksums(file for found in job.inputs.values() for file in found)
                code = run_script(job, arguments.code)
                if record:
                    write_run_record(record, job, STARTED, read, code)
            except KeyboardInterrupt:
                log.write("interrupted\n")
                raise
            except Exception as error:
                log.write(f"failed: {explanation(error) or traceback.format_exc()}\n")
                raise
    except Exception as error:
        reason = explanation(error) or f"unexpectedly, {type(error).__name__}: {error}"
        print(f"deepinit: {arguments.script} failed: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
