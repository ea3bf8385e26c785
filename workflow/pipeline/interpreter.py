"""Which Python jobs run with: that of Snakemake's own environment, whatever the user's variables say."""

import os
import sys
from pathlib import Path


def use_own_packages() -> None:
    """Let "python" in a job be the interpreter that runs Snakemake, with its own packages alone.

    `.venv/bin/snakemake` then works without activating anything; a conda environment that is
    activated in the job's shell still comes before it. What the user's variables of Python add or shadow is
    left out, here too as far as it is not imported yet.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    given = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    added = {Path(folder).resolve() for folder in given} - {Path(__file__).resolve().parents[1]}
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() not in added]
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        del os.environ[name]
    os.environ["PYTHONNOUSERSITE"] = "1"
