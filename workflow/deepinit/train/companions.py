"""Which networks are trained together."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch

from deepinit.random_stream import RandomStream


def device_of_all(streams: Iterable[RandomStream]) -> torch.device:
    """Return the device of all streams.

    Raises:
        ValueError: they are on different devices, or there are none.
    """
    devices = {stream.device for stream in streams}
    if len(devices) != 1:
        raise ValueError(f"all networks must be on one device, not on {sorted(map(str, devices))}")
    return devices.pop()


def groups_that_fit(positions: Sequence[int], bytes_each: int, limit: int) -> list[list[int]]:
    """Return the positions in groups of nearly one size, as few as `limit` bytes a group allow.

    A network that takes more than `limit` is a group of its own.
    """
    number = min(-(-len(positions) * bytes_each // limit), len(positions))
    return [part.tolist() for part in np.array_split(positions, number)]
