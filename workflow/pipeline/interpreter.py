"""Which Python this project runs with: that of its environment, whatever the user's variables say."""

import os
import sys
from pathlib import Path

#: Variables of Python that change no number and no flow.
_HARMLESS = {
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONIOENCODING",
    "PYTHONNOUSERSITE",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUNBUFFERED",
}


def _drop_variables() -> bool:
    """Drop the user's variables of Python and return whether there were any.

    Other packages, no docstrings, warnings as errors: none of it is meant for this project.
    """
    found = [name for name in os.environ if name.startswith("PYTHON") and name not in _HARMLESS]
    for name in found:
        del os.environ[name]
    return bool(found)


def start_without_variables() -> None:
    """Start this program again if the user's variables of Python have changed how it started."""
    if _drop_variables() and not sys.gettrace():  # a debugger would be lost
        os.execv(sys.executable, [sys.executable, *sys.argv])


def use_own_packages() -> None:
    """Let "python" in a job be the interpreter that runs Snakemake, with its own packages alone.

    `.venv/bin/snakemake` then works without activating anything; a rule's own conda environment,
    activated in the job's shell, still comes before it. What the user's variables add or shadow is
    left out, here too as far as it is not imported yet.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    given = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    added = {Path(folder).resolve() for folder in given} - {Path(__file__).resolve().parents[1]}
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() not in added]
    _drop_variables()
    os.environ["PYTHONNOUSERSITE"] = "1"
