"""Which networks are trained together: as many as fit into memory."""

from collections.abc import Sequence

import numpy as np
import torch


def capacity(device: torch.device, at_most: int) -> int:
    """Return the bytes that networks trained together may take: a third of a GPU, or `at_most`.

    The whole memory counts and not what is free: rounding on a GPU may differ with the company, and
    the same job on the same GPU should repeat.
    """
    if device.type != "cuda":
        return at_most
    return min(at_most, torch.cuda.get_device_properties(device).total_memory // 3)


def groups_that_fit(positions: Sequence[int], bytes_each: int, limit: int) -> list[list[int]]:
    """Return the positions in groups of nearly one size, as few as `limit` bytes a group allow.

    A network that takes more than `limit` is a group of its own.
    """
    number = min(-(-len(positions) * bytes_each // limit), len(positions))
    return [part.tolist() for part in np.array_split(positions, number)]
