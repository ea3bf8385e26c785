"""What a planned job is expected to take, from what its figure took (`config/costs.csv`)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.costs import START_SECONDS, cost
from pipeline.dry_run import PlannedJob
from pipeline.gpus import visible_gpus
from study.config import Config

#: A job that only reads and writes small files or draws, with Python and its libraries, MiB.
_SMALL_JOB = 350.0


@dataclass(frozen=True)
class JobCost:
    """What one job is expected to take.

    Attributes:
        seconds: of one core, or of a GPU, the mean over the parts of a table; None if nothing is known.
        mebibytes: of memory.
        predicted: whether this follows from the costs of other settings, or from what the job
            asks for, and not from a measurement of the same.
        gpu: whether it is expected to run on a GPU.
        longest: seconds of the longest part; None if it is not known.
    """

    seconds: float | None
    mebibytes: float
    predicted: bool = False
    gpu: bool = False
    longest: float | None = None


def _of_a_part(job: PlannedJob, planned: int, config: Config, costs: pd.DataFrame) -> JobCost:
    """Return what a part takes, one of so many planned; which part is the longest is not known."""
    paper, figure = job.figure.split("_", 1)
    gpu = bool(job.resources.get("gpu")) and visible_gpus() > 0
    asked = float(job.resources.get("mem_mb", 1000))
    found = cost(costs, config, paper, figure, gpu)
    if found is None:
        return JobCost(None, asked, predicted=True, gpu=gpu)
    parts = len(config.figures()[paper][figure].parts())
    mean = found.of_a_part(parts)
    most, predicted = found.mebibytes or asked, found.predicted or found.mebibytes is None
    longest = found.longest if found.longest and planned == parts else mean
    return JobCost(mean, most, predicted, gpu, max(mean, longest))


def estimates(jobs: Iterable[PlannedJob], config: Config, costs: pd.DataFrame) -> list[JobCost]:
    """Return an estimate for each job, in their order."""
    jobs, found = list(jobs), []
    parts = {job.figure: job for job in jobs if job.kind == "part"}
    planned = Counter(job.figure for job in jobs if job.kind == "part")
    of_figure = {key: _of_a_part(job, planned[key], config, costs) for key, job in parts.items()}
    for job in jobs:
        if job.kind == "part":
            found.append(of_figure[job.figure])
        elif job.rule == "data_set" or job.rule.startswith("own_"):
            # A download takes what the network makes of it, and a network of the user's anything.
            found.append(JobCost(None, float(job.resources["mem_mb"]), predicted=True))
        else:
            found.append(JobCost(START_SECONDS, _SMALL_JOB))
    return found
