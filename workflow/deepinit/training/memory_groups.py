"""Which networks are trained together: as many as fit into memory.

How many networks fit is known only roughly beforehand: it depends on who else uses the GPU. So when
memory runs out, the part is divided in halves, and each half is trained from the state with which
the part began: from the start, or from the checkpoint that it went on from. Each training draws
its streams from their beginning, so the halves see the numbers that the part would have seen.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from deepinit.memory import NotEnoughMemory, is_out_of_memory

State = dict[str, Any]


@dataclass
class Part:
    """Networks that are trained together.

    Attributes:
        members: their positions among all networks.
        state: where their training stands; None at the start.
    """

    members: list[int]
    state: State | None = None

    def at(self, state: State | None) -> dict[str, Any]:
        """Return what a checkpoint keeps of the part when its training stands at `state`."""
        return {"members": self.members, "state": state}


def capacity(device: torch.device, at_most: int) -> int:
    """Return the bytes that networks trained together may take: a third of a GPU, or `at_most`.

    The whole memory counts and not what is free: rounding on a GPU may differ with the company, and
    the same job on the same GPU should repeat.
    """
    if device.type != "cuda":
        return at_most
    return min(at_most, torch.cuda.get_device_properties(device).total_memory // 3)


def networks_left(parts: Sequence[Part]) -> int:
    """Return how many networks are in these parts."""
    return sum(len(part.members) for part in parts)


def groups_that_fit(positions: Sequence[int], bytes_each: int, limit: int) -> list[list[int]]:
    """Return the positions in groups of nearly one size, as few as `limit` bytes a group allow.

    A network that takes more than `limit` is a group of its own.
    """
    number = min(-(-len(positions) * bytes_each // limit), len(positions))
    return [part.tolist() for part in np.array_split(positions, number)]


def train_parts(
    parts: list[Part],
    train: Callable[[Part], None],
    cut: Callable[[State, int, int], State],
    device: torch.device,
    smaller: str,
    say: Callable[[str], None],
) -> None:
    """Train one part after the other; one that does not fit into memory is divided in halves.

    Args:
        parts: what is left to train; finished parts are taken out, so that the first one is always
            the one that is being trained.
        train: trains a part from its state. It must leave no trace if memory runs out.
        cut: from the state of a part, and the range of its networks to keep, to theirs.
        device: where networks are trained.
        smaller: what makes a network need less memory, for the message.
        say: is told in a sentence that a part is divided.

    Raises:
        NotEnoughMemory: a single network does not fit.
    """
    while parts:
        if _fits(train, parts[0]):
            del parts[0]
            continue
        # Nothing of the failed attempt is referred to any more: neither its frames nor its error.
        gc.collect()
        if device.type == "cuda":
            torch.cuda.empty_cache()
        whole, number = parts[0], len(parts[0].members)
        if number == 1:
            raise NotEnoughMemory(_too_large(device, smaller))
        half = (number + 1) // 2
        say(
            f"{number} networks together do not fit into memory: training {half} of them, then "
            f"{number - half}, from where they began"
        )
        parts[:1] = [
            Part(whole.members[first:end], whole.state and cut(whole.state, first, end))
            for first, end in ((0, half), (half, number))
        ]


def _fits(train: Callable[[Part], None], part: Part) -> bool:
    """Train a part; return whether memory sufficed."""
    try:
        train(part)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        return False
    return True


def _too_large(device: torch.device, smaller: str) -> str:
    if device.type != "cuda":
        return (
            "out of memory with a single network: run fewer jobs at a time (--cores), or a smaller "
            f"{smaller}"
        )
    free, total = torch.cuda.mem_get_info(device)
    return (
        f"a single network does not fit into the memory of the GPU "
        f"({torch.cuda.get_device_name(device)}, {total / 2**30:.1f} GiB, {free / 2**30:.1f} GiB of "
        f"them free): use a GPU with more, a smaller {smaller}, or 'device: cpu'"
    )
