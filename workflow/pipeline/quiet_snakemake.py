"""Snakemake called for an errand, with what it says kept and not shown."""

import os
import subprocess
import sys
from pathlib import Path


def quiet_snakemake(
    *words: str, folder: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run Snakemake with these words; `stdout` of what is returned holds all that it said.

    Args:
        folder: where it runs; None where this process does.
        variables: of the environment, beside those of this process.
    """
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *words],
        cwd=folder,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
