"""What a planned job is expected to take, from what earlier runs recorded.

The best that is known counts: what the same job, with the same specification, took when it last
ran here; what the figure took when its costs were measured (`config/costs.csv`); what that
predicts for other settings, in proportion to the work.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.costs import START_SECONDS, Cost, cost
from pipeline.dry_run import PlannedJob
from pipeline.expected import Expected, expected_files
from pipeline.gpus import visible_gpus
from study.config import Config
from study.settings import FigureSection

#: A job that only reads and writes small files or draws, with Python and its libraries, MiB.
_SMALL_JOB = 350.0


@dataclass(frozen=True)
class Estimate:
    """What one job is expected to take.

    Attributes:
        seconds: of one core, or of a GPU; None if nothing is known.
        mebibytes: of memory.
        predicted: whether this follows from the costs of other settings, or from what the job
            asks for, and not from a measurement of the same.
        gpu: whether it is expected to run on a GPU.
    """

    seconds: float | None
    mebibytes: float
    predicted: bool = False
    gpu: bool = False


def _recorded(job: PlannedJob, made: Expected | None, gpu: bool) -> Estimate | None:
    """Return what the same job, with the same specification, took when it last ran here."""
    try:
        text = Path(job.logs[0]).with_suffix(".json").read_text(encoding="utf-8")
        record: dict[str, Any] = json.loads(text)
        same = record["spec"] == made.spec
        on_gpu = record["device"].startswith("cuda")
        seconds = record["wall_seconds" if on_gpu else "cpu_seconds"]
        found = Estimate(float(seconds), float(record["peak_mebibytes"]), gpu=on_gpu)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return found if same and on_gpu == gpu else None


def _of_parts(
    found: Cost | None, section: FigureSection, planned: list[PlannedJob], gpu: bool
) -> list[Estimate]:
    """Return an estimate for each planned part of a figure."""
    parts = section.parts()
    asked = [float(job.resources.get("mem_mb", 1000)) for job in planned]
    if found is None:
        return [Estimate(None, memory, predicted=True, gpu=gpu) for memory in asked]
    # Gathering and drawing are jobs of their own.
    starts = len(parts) * START_SECONDS
    total = max(starts, found.seconds - 2 * START_SECONDS)
    each = (total - starts) / sum(map(section.share, parts.values()))
    specs = [parts[Path(job.outputs[0]).stem] for job in planned]
    seconds = [START_SECONDS + each * section.share(spec) for spec in specs]
    if found.longest is not None and len(planned) == len(parts) > 1:
        # It is not recorded which part is the longest. The last to start makes the run longest.
        longest, others = min(max(found.longest, total / len(parts)), total), len(parts) - 1
        seconds = [(total - longest) / others] * others + [longest]
    memory = asked if found.mebibytes is None else [found.mebibytes] * len(planned)
    return [
        Estimate(each, most, found.predicted or found.mebibytes is None, gpu)
        for each, most in zip(seconds, memory, strict=True)
    ]


def estimates(jobs: Iterable[PlannedJob], config: Config, costs: pd.DataFrame) -> list[Estimate]:
    """Return an estimate for each job, in their order."""
    jobs, made = list(jobs), expected_files(config)
    found: dict[int, Estimate] = {}
    without_record: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for index, job in enumerate(jobs):
        gpu = bool(job.resources.get("gpu")) and visible_gpus() > 0
        if recorded := _recorded(job, made.get(job.outputs[0]), gpu):
            found[index] = recorded
        elif job.kind == "part":
            without_record[job.figure, gpu].append(index)
        elif job.rule == "data_set" or job.rule.startswith("own_"):
            # A download takes what the network makes of it, and a network of the user's anything.
            found[index] = Estimate(None, float(job.resources["mem_mb"]), predicted=True)
        else:
            found[index] = Estimate(START_SECONDS, _SMALL_JOB)
    for (key, gpu), indices in without_record.items():
        paper, figure = key.split("_", 1)
        measured = cost(costs, config, paper, figure, gpu)
        section = config.figures()[paper][figure]
        each = _of_parts(measured, section, [jobs[index] for index in indices], gpu)
        found |= dict(zip(indices, each, strict=True))
    return [found[index] for index in range(len(jobs))]
