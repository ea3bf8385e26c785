"""Test the published statements of this paper on its tables."""

from claims.hanin2018 import (
    architectures,
    convolution,
    residual,
    residual_training,
    training,
    variance,
)
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    modules = [
        architectures,
        convolution,
        residual,
        residual_training,
        training,
        variance,
    ]
    write_verdicts(job, modules)
