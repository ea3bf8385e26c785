"""Test the published statements of this paper on its tables."""

from claims.hanin2018 import convolution
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    write_verdicts(job, [convolution])
