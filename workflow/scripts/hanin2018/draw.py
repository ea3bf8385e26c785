"""Draw one figure of this paper."""

from figures.hanin2018 import FIGURES
from figures.output import draw
from study.job import Job


def run(job: Job) -> None:
    """Draw the figure that the specification names."""
    draw(job, FIGURES)
