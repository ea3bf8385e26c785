"""Draw one figure of this paper."""

from figures.luther2019 import FIGURES
from figures.output import write_figure
from figures.parts import use_style
from pipeline.job import Job


def run(job: Job) -> None:
    """Draw the figure that the specification names."""
    use_style(job.inputs["style"][0])
    write_figure(FIGURES[job.spec["figure"]](job), job)
