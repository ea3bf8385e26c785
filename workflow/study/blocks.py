"""Cutting replicates into blocks."""

from collections.abc import Iterator


def blocks(replicates: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield (block index, replicates in the block).

    Blocks before the last are full, so more replicates add blocks and leave the full ones as
    they are.
    """
    for block in range(-(-replicates // size)):
        yield block, min(size, replicates - block * size)
