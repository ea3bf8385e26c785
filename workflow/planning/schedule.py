"""How long jobs take on some cores, and how much memory at a time."""

import heapq
from collections.abc import Sequence

from planning.dry_run import PlannedJob
from planning.estimates import Estimate

#: What Snakemake takes to start a job and to record its end, seconds; measured on the smoke preset.
_BETWEEN_JOBS = 0.3


def wall_seconds(
    jobs: Sequence[PlannedJob], estimates: Sequence[Estimate], cores: int, gpus: int = 0
) -> float:
    """Return the time from the first start to the last end, each job on one core.

    As Snakemake does, every free core takes the job of the highest priority whose inputs are
    there; a job on a GPU waits for a free one. Jobs of unknown time count as none.
    """
    maker = {path: index for index, job in enumerate(jobs) for path in job.outputs}
    needed = [{maker[path] for path in job.inputs if path in maker} for job in jobs]
    waiting = {index for index, makers in enumerate(needed) if makers}
    ready = [(-job.priority, index) for index, job in enumerate(jobs) if not needed[index]]
    heapq.heapify(ready)
    running: list[tuple[float, int]] = []
    now, free_gpus = 0.0, gpus
    while ready or running:
        put_back = []
        while ready and len(running) < cores:
            item = heapq.heappop(ready)
            estimate = estimates[item[1]]
            if estimate.gpu and gpus and not free_gpus:
                put_back.append(item)
                continue
            free_gpus -= estimate.gpu
            heapq.heappush(running, (now + (estimate.seconds or 0.0) + _BETWEEN_JOBS, item[1]))
        for item in put_back:
            heapq.heappush(ready, item)
        now, done = heapq.heappop(running)
        free_gpus += estimates[done].gpu
        for index in [index for index in waiting if done in needed[index]]:
            needed[index].discard(done)
            if not needed[index]:
                waiting.discard(index)
                heapq.heappush(ready, (-jobs[index].priority, index))
    return now


def most_memory(estimates: Sequence[Estimate], cores: int) -> float:
    """Return the memory of the largest jobs, as many as there are cores, MiB."""
    return sum(sorted((estimate.mebibytes for estimate in estimates), reverse=True)[:cores])
