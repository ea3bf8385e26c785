"""Test the published statements of this paper on its tables."""

from claims.marion2025 import (
    bounds,
    limits,
    lognormal,
    paths,
    training,
)
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    modules = [paths, limits, bounds, lognormal, training]
    write_verdicts(job, modules)
