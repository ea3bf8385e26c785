"""Test the published statements of this paper on its tables."""

from claims.marion2025 import depth, histograms, inside, maps, smooth
from claims.verdict_table import write_verdicts
from pipeline.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    write_verdicts(job, [depth, histograms, inside, maps, smooth])
