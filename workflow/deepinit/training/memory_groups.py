"""Which networks are trained together, as many as fit into memory, and which groups are still to train."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from deepinit.training.checkpoint import Checkpoint


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


def saved_training(
    checkpoint: Checkpoint | None, groups: Sequence[list[int]]
) -> dict[str, Any] | None:
    """Return what was saved of a training in these groups; None to start from the beginning.

    It has "members", the group that an interruption has left, and "state", where that stood. A GPU with
    another memory makes other groups, of which nothing was saved.
    """
    saved = checkpoint.load() if checkpoint is not None else None
    return saved if saved is not None and saved["members"] in groups else None


def still_to_train(
    groups: Sequence[list[int]], saved: dict[str, Any] | None
) -> Iterator[tuple[list[int], Any, int]]:
    """Yield of each group from the saved one on: members, saved state, networks in the groups after it."""
    first = 0 if saved is None else groups.index(saved["members"])
    waiting = sum(map(len, groups[first:]))
    for number, members in enumerate(groups[first:]):
        waiting -= len(members)
        yield members, saved["state"] if saved is not None and number == 0 else None, waiting
