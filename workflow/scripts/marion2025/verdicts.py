"""Test the published statements of this paper on its tables."""

from claims.marion2025 import (
    depth,
    histograms,
    inside,
    smooth,
)
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    modules = [depth, histograms, inside, smooth]
    write_verdicts(job, modules)
