"""Which networks are trained together, as many as fit into memory, and their training group by group."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from deepinit.progress import Report
from deepinit.training.checkpoint import Checkpoint

#: Is told what is left to the active networks of a group together, and the state: a dictionary in which
#: "active" has the positions of these networks in the group.
Pause = Callable[[int, dict[str, Any]], None]


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


def train_groups(
    groups: Sequence[list[int]],
    starts: Sequence[Any],
    outcomes: Sequence[Any],
    most: int,
    train: Callable[[list[Any], list[Any], dict[str, Any] | None, Pause], None],
    progress: Report,
    checkpoint: Checkpoint | None,
) -> None:
    """Train one group after the other, and go on where an interrupted training stood.

    A GPU with another memory makes other groups; of a training in other groups nothing is taken up.

    Args:
        groups: positions of the networks that are trained together.
        starts: the networks; each group gets its own with their streams at their beginning.
        outcomes: one each, dataclasses that `train` fills in.
        most: what one network has to go through, in units of the progress.
        train: trains a group's networks and fills in their outcomes, from a saved state on if there is one.
            Now and then it calls the `Pause`.
        progress: called at each pause with (done, total).
        checkpoint: what to go on from, and where to save when it is due.
    """
    first, state, total = 0, None, len(starts) * most
    saved = checkpoint.load() if checkpoint is not None else None
    if saved is not None and saved["members"] in groups:
        first, state = groups.index(saved["members"]), saved["state"]
        for outcome, values in zip(outcomes, saved["outcomes"], strict=True):
            vars(outcome).update(values)
    waiting = sum(map(len, groups[first:]))
    for members in groups[first:]:
        waiting -= len(members)

        def pause(left: int, now: dict[str, Any], members=members, waiting=waiting) -> None:
            progress(total - left - waiting * most, total)
            if checkpoint is not None and checkpoint.due():
                so_far = [dict(vars(outcome)) for outcome in outcomes]
                checkpoint.save({"outcomes": so_far, "members": members, "state": now})

        if state is None or state["active"]:
            train(
                [starts[position].from_beginning() for position in members],
                [outcomes[position] for position in members],
                state,
                pause,
            )
        state = None
