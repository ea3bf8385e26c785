"""The environment with which Snakemake is called."""

import os
from pathlib import Path

#: Variables that would change what Snakemake does, or what it prints.
_NOT_PASSED_ON = {"SNAKEMAKE_PROFILE", "FORCE_COLOR", "TTY_COMPATIBLE", "BASH_ENV", "ENV"}
_LOGGERS = Path(__file__).resolve().parent / "plugins"


def environment() -> dict[str, str]:
    """Return the variables with which Snakemake is called: this process's, but for some.

    It finds the logger of this project. Where the user has no home or no name, as in a container, its
    caches go into the project's folder.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    kept["PYTHONPATH"] = str(_LOGGERS)
    kept.setdefault("USER", f"user{os.getuid()}")
    home = Path(kept.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK | os.X_OK) or not home.is_dir():
        kept |= {"HOME": str(Path(".snakemake/home").resolve())}
    return kept
