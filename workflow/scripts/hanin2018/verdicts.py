"""Test the published statements of this paper on its tables."""

from claims.hanin2018 import (
    convolution,
    residual,
    variance,
)
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    modules = [
        convolution,
        residual,
        variance,
    ]
    write_verdicts(job, modules)
