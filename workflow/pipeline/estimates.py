"""What a planned job is expected to take, from what its figure took (`config/costs.csv`)."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from pipeline.costs import START_SECONDS, Cost, cost
from pipeline.dry_run import PlannedJob
from pipeline.gpus import visible_gpus
from study.config import Config

#: A job that only reads and writes small files or draws, with Python and its libraries, MiB.
_SMALL_JOB = 350.0


def _of_a_part(job: PlannedJob, planned: int, config: Config, costs: pd.DataFrame) -> Cost:
    """Return what a part takes, one of so many planned; which one is the longest is not known."""
    paper, figure = job.figure.split("_", 1)
    gpu = bool(job.resources.get("gpu")) and visible_gpus() > 0
    asked = float(job.resources.get("mem_mb", 1000))
    found = cost(costs, config, paper, figure, gpu)
    if found is None:
        return Cost(None, asked, predicted=True, device="GPU" if gpu else "cpu")
    parts = len(config.figures()[paper][figure].parts())
    mean = found.of_a_part(parts)
    most, predicted = found.mebibytes or asked, found.predicted or found.mebibytes is None
    known = mean if parts == 1 else found.longest if planned == parts else None
    longest = max(mean, known) if known else None
    return Cost(mean, most, predicted, longest, found.device)


def estimates(jobs: Iterable[PlannedJob], config: Config, costs: pd.DataFrame) -> list[Cost]:
    """Return an estimate for each job, in their order."""
    jobs, found = list(jobs), []
    parts = [job for job in jobs if job.rule == f"{job.figure}_parts"]
    planned = Counter(job.figure for job in parts)
    of_rule = {job.rule: _of_a_part(job, planned[job.figure], config, costs) for job in parts}
    for job in jobs:
        if job.rule in of_rule:
            found.append(of_rule[job.rule])
        elif job.rule == "data_set" or job.rule.startswith("own_"):
            # A download takes what the network makes of it, and a network of the user's anything.
            found.append(Cost(None, float(job.resources["mem_mb"]), predicted=True))
        else:
            found.append(Cost(START_SECONDS, _SMALL_JOB, longest=START_SECONDS))
    return found
