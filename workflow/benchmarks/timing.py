"""Both ways of a piece of work, timed in turn.

Times are processor times of this process, which has one thread, as the workflow's jobs have: on a
busy machine the time that others take does not count. What remains of the noise (shared caches and
memory, clock rates) meets both ways alike, because they are timed alternately: each round gives a
ratio of its own, and the median of the rounds is reported with their range.
"""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.probes import Probe
from benchmarks.work import Work


@dataclass(frozen=True)
class Measured:
    """Seconds of one network in each round, shape (rounds,).

    Attributes:
        plain: the reference way.
        ours: ours.
        limit: what the machine cannot be faster than, from the probes; zeros if nothing bounds it.
        bare: the bare operations at their own shapes; zeros if they are not measured.
    """

    plain: NDArray[np.float64]
    ours: NDArray[np.float64]
    limit: NDArray[np.float64]
    bare: NDArray[np.float64]

    @property
    def ratios(self) -> NDArray[np.float64]:
        """Plain over ours, round by round."""
        return self.plain / self.ours

    @property
    def shares(self) -> NDArray[np.float64]:
        """The share of the machine's limit that ours reaches, round by round."""
        return self.limit / self.ours


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def measure(work: Work, rounds: int, probes: Mapping[str, Probe]) -> Measured:
    """Time the work in both ways, alternately, after one round that does not count."""
    torch.manual_seed(0)
    table = []
    for _ in range(rounds + 1):
        gc.collect()
        plain = sum(part.times * seconds(part.run) for part in work.plain)
        ours = seconds(work.ours) / work.networks
        limit = sum(
            count * seconds(probes[name].run) / probes[name].count
            for name, count in work.needs.items()
        )
        bare = work.bare.times * seconds(work.bare.run) if work.bare else 0.0
        table.append((plain, ours, limit, bare))
    return Measured(*np.array(table[1:]).T)
