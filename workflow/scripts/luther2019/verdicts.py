"""Test the published statements of this paper on its tables."""

from claims.luther2019 import (
    training,
)
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    write_verdicts(
        job,
        [training],
    )
