"""Blocks of replicates at one grid point, each with a random stream of its own."""

from collections.abc import Callable, Iterator

from deepinit.random import RandomStream
from deepinit.seeds import AddressPart
from study.blocks import blocks


def blocks_of_streams(
    streams: Callable[..., RandomStream], replicates: int, size: int, *address: AddressPart
) -> Iterator[tuple[RandomStream, int]]:
    """Yield (stream, replicates in the block).

    Blocks before the last are full: more replicates leave the numbers of the full blocks as they
    are. A different size changes the random numbers.
    """
    for block, count in blocks(replicates, size):
        yield streams(*address, block), count
