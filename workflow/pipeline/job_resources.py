"""What a job asks of the machine or the scheduler: memory, run time, a GPU.

Memory and time are those that the same job took when `record_costs.py` measured it, with room to
spare; where nothing was measured, what the figure's section declares. Each new attempt of a job
that failed asks for twice as much. Only the time of a training does not grow: it goes on from its
checkpoint, and time that no partition grants would let it wait without end.
"""

import math
from collections.abc import Callable
from typing import Any, Literal

import pandas as pd

from pipeline.costs import cost
from pipeline.gpus import visible_gpus
from study.config import Config
from study.settings import FigureSection

#: No job may ask for more: a week is the longest that most partitions allow, minutes.
LONGEST = 7 * 24 * 60
#: Memory besides what was measured, MB: a submitted job holds two Snakemakes of 180 MB each, and
#: another machine's libraries differ in size.
_SPARE_MB = 500
#: What a process on a GPU takes of the host's memory for CUDA itself, MB; chosen.
_CUDA_HOST_MB = 4000
#: How much slower a core may be than those on which costs were measured, waiting for disks included.
_SLOWER = 4
#: Data sets that train long enough to be worth a GPU of a cluster.
_COMPLETE = {"mnist", "cifar10"}

Resource = Callable[..., int]


def doubling_per_attempt(value: int, most: int | None = None) -> Resource:
    """Return a resource that is `value` at the first attempt and doubles with each further one."""

    def resource(wildcards: Any, attempt: int) -> int:
        asked = value * 2 ** (attempt - 1)
        return asked if most is None else min(asked, most)

    return resource


def gpus(
    section: FigureSection, device: Literal["auto", "cpu", "cuda"], runs_here: bool = False
) -> int:
    """Return the GPUs, 0 or 1, that a part of a figure's table asks for.

    With `cuda` every part that draws random numbers gets one. With `auto` so do those on a machine
    that has one, if jobs run on the machine that asks (`runs_here`); of what is submitted
    elsewhere only figures that read a complete data set, for most of which a GPU is worth the wait.
    """
    if device == "cpu" or not section.random:
        return 0
    if device == "cuda" or (runs_here and visible_gpus()):
        return 1
    return int(any(part.get("data") in _COMPLETE for part in section.parts().values()))


def part_memory(costs: pd.DataFrame, config: Config, paper: str, figure: str) -> int:
    """Return what a part of a figure's table asks for at first, MB."""
    section = config.figures()[paper][figure]
    found = cost(costs, config, paper, figure)
    spare = _CUDA_HOST_MB if gpus(section, config.device) else 0
    if found is None or found.mebibytes is None:
        return section.memory_mb + spare
    return math.ceil(1.25 * found.mebibytes / 100) * 100 + _SPARE_MB + spare


def part_minutes(costs: pd.DataFrame, config: Config, paper: str, figure: str) -> Resource:
    """Return a resource: the run time that a part of a figure's table asks for, minutes."""
    section = config.figures()[paper][figure]
    found = cost(costs, config, paper, figure)
    if found is None or found.longest is None:
        minutes = section.minutes
    else:
        minutes = 5 + math.ceil(_SLOWER * found.longest / 60)
    parts, grown = section.parts(), doubling_per_attempt(minutes, most=LONGEST)

    def resource(wildcards: Any, attempt: int) -> int:
        # What trains on a data set keeps checkpoints.
        resumes = "data" in parts[wildcards.part]
        return grown(wildcards, 1 if resumes else attempt)

    return resource
