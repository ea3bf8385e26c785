"""Pieces of work that are done in two ways."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence


@dataclass(frozen=True)
class Part:
    """A part of the reference way.

    Attributes:
        run: does it once.
        times: how often one network needs it; below one for what several networks share.
    """

    run: Callable[[], object]
    times: float = 1.0


@dataclass(frozen=True)
class Work:
    """One row of the benchmark.

    Attributes:
        title: what is computed.
        floor: the least ratio of the reference's time to ours that is expected.
        reference: parts that make up one network.
        ours: computes `networks` networks.
        networks: how many.
        note: what of this is scaled or extrapolated, and from where.
    """

    title: str
    floor: float
    reference: Sequence[Part]
    ours: Callable[[], object]
    networks: int
    note: str = ""


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes:
        name: of the form of the benchmark.
        rounds: how often each row is measured.
        share: what the numbers of networks, paths and images of a full measurement are multiplied by.
    """

    name: str
    rounds: int
    share: float

    def of(self, number: int, least: int = 1) -> int:
        """Return the share of `number`, not below `least`."""
        return max(least, round(self.share * number))


def stream(*address: str | int) -> RandomStream:
    """Return a stream of the benchmark."""
    return RandomStream(seed_sequence(6, "benchmark", *address))


#: The forms of the benchmark by name.
EFFORTS = {
    "short": Effort("short", 1, 0.3),
    "default": Effort("default", 7, 1.0),
    "long": Effort("long", 21, 1.0),
}
