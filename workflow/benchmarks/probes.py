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
        unit: what is counted.
        count: units of one `run`.
        run: does them.
    """

    unit: str
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

    def repeated(action: Callable[[], object], times: int) -> Callable[[], None]:
        def run() -> None:
            for _ in range(times):
                action()

        return run

    return {
        "normal": Probe(
            "normal numbers",
            64 * _NUMBERS,
            repeated(lambda: torch.randn(_NUMBERS, out=numbers), 64),
        ),
        "uniform": Probe(
            "uniform numbers",
            128 * _NUMBERS,
            repeated(lambda: stream.symmetric_uniform(_NUMBERS, out=numbers), 128),
        ),
        "product": Probe(
            "floating-point operations of a matrix product",
            6 * 2 * _SIDE**3,
            repeated(lambda: torch.mm(square, square, out=result), 6),
        ),
    }
