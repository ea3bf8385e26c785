"""Which Python the jobs run with."""

import os
import sys
from pathlib import Path


def put_first_on_path() -> None:
    """Let "python" in a job be the interpreter that runs Snakemake.

    `.venv/bin/snakemake` then works without activating anything; a rule's own conda environment,
    activated in the job's shell, still comes before it.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
