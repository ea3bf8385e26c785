"""Simple probes of the machine's limits: random numbers and products a second, one thread."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from deepinit.random import RandomStream

# What stays in the second-level cache.
_NUMBERS = 1 << 17
_SIDE = 1024


@dataclass(frozen=True)
class Probe:
    """Something that every machine does at some rate.

    Attributes:
        count: units of one `run`: numbers, or floating-point operations.
        run: does them.
    """

    count: float
    run: Callable[[], object]


def probes() -> dict[str, Probe]:
    """Return the probes by name.

    "normal" and "uniform" fill a tensor that stays in the cache, by torch.randn and by our stream;
    "product" multiplies square float32 matrices, large enough for the full rate.
    """
    stream = RandomStream(np.random.SeedSequence(0))
    numbers = torch.empty(_NUMBERS)
    square, result = torch.full((_SIDE, _SIDE), 0.5), torch.empty(_SIDE, _SIDE)

    def probe(units: float, times: int, action: Callable[[], object]) -> Probe:
        def run() -> None:
            for _ in range(times):
                action()

        return Probe(units * times, run)

    return {
        "normal": probe(_NUMBERS, 64, lambda: torch.randn(_NUMBERS, out=numbers)),
        "uniform": probe(_NUMBERS, 128, lambda: stream.symmetric_uniform(_NUMBERS, out=numbers)),
        "product": probe(2 * _SIDE**3, 6, lambda: torch.mm(square, square, out=result)),
    }
