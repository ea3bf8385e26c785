"""Both ways of a piece of work, timed in turn.

Times are processor times of this process, which has one thread, as the workflow's jobs have: on a
busy machine the time that others take does not count. What remains of the noise (shared caches and
memory, clock rates) meets both ways alike, because they are timed alternately: each round gives a
ratio of its own, and the median of the rounds is reported with their range.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.work import Work


@dataclass(frozen=True)
class Measured:
    """Seconds of one network in each round, shape (rounds,).

    Attributes:
        reference: one network at a time.
        ours: ours.
    """

    reference: NDArray[np.float64]
    ours: NDArray[np.float64]

    @property
    def ratios(self) -> NDArray[np.float64]:
        """Reference over ours, round by round."""
        return self.reference / self.ours


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def measure(work: Work, rounds: int) -> Measured:
    """Time the work in both ways, alternately, after one round that does not count."""
    torch.manual_seed(0)
    table = []
    for _ in range(rounds + 1):
        gc.collect()
        reference = sum(part.times * seconds(part.run) for part in work.reference)
        table.append((reference, seconds(work.ours) / work.networks))
    return Measured(*np.array(table[1:]).T)
