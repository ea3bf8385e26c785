"""Blocks of replicates inside one part, each with a random stream of its own."""

from collections.abc import Iterator

from deepinit.random import RandomStream
from deepinit.seeds import AddressPart
from study.blocks import blocks
from study.job import Job
from study.streams import random_stream


def blocks_of_streams(
    job: Job, replicates: int, size: int, *address: AddressPart
) -> Iterator[tuple[RandomStream, int]]:
    """Yield (stream, replicates in the block).

    Blocks before the last are full: more replicates leave the numbers of the full blocks as they
    are. Another size draws other numbers.
    """
    for block, count in blocks(replicates, size):
        yield random_stream(job, *address, block), count
