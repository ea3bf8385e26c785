"""Test the published statements of this paper on its tables."""

from claims.luther2019 import (
    activations,
    decay,
    gradients,
    histograms,
    normalisation,
    total_variance,
    training,
)
from claims.verdict_table import write_verdicts
from study.job import Job


def run(job: Job) -> None:
    """Write one row a claim."""
    write_verdicts(
        job,
        [decay, total_variance, histograms, normalisation, activations, gradients, training],
    )
