"""Which Python the jobs run with."""

import os
import sys
from pathlib import Path


def use_own_packages() -> None:
    """Let "python" in a job be the interpreter that runs Snakemake, with its own packages alone.

    `.venv/bin/snakemake` then works without activating anything; a rule's own conda environment,
    activated in the job's shell, still comes before it. What the user's variables add or shadow is
    left out, here too as far as it is not imported yet.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    given = filter(None, os.environ.pop("PYTHONPATH", "").split(os.pathsep))
    added = {Path(folder).resolve() for folder in given} - {Path(__file__).resolve().parents[1]}
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() not in added]
    for variable in ("PYTHONHOME", "PYTHONSAFEPATH"):
        os.environ.pop(variable, None)
    os.environ["PYTHONNOUSERSITE"] = "1"
