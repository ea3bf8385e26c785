"""Cutting replicates into blocks."""

from collections.abc import Callable, Iterator
from typing import Any


def blocks(replicates: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield (block index, replicates in the block).

    Blocks before the last are full, so more replicates add blocks and leave the full ones as
    they are.
    """
    for block in range(-(-replicates // size)):
        yield block, min(size, replicates - block * size)


def blocks_of_streams(
    streams: Callable[..., Any], replicates: int, size: int, *address: Any
) -> Iterator[tuple[Any, int]]:
    """Yield (stream at the address and the block's index, replicates in the block).

    Another size changes the random numbers.
    """
    for block, count in blocks(replicates, size):
        yield streams(*address, block), count
