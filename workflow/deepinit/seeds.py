"""From one root seed to one independent random stream per block of replicates.

A stream is found by its *address*: the root seed, the paper, the experiment, the grid
point and the block. The address is hashed, so that a stream depends on nothing else:
neither on the order of the jobs, nor on how many cores or devices run them, nor on which
other grid points exist. A grid may grow without changing a number that was there before.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

AddressPart = str | int | float | bool | None | Mapping | Sequence


class HasGenerator(Protocol):
    """A `deepinit.random.RandomStream`, without torch."""

    numpy: np.random.Generator


#: What every sampling function takes its random numbers from. An integer or a seed sequence stands
#: for the same numbers at every call; a generator or a stream goes on from where it is.
Randomness = int | np.random.SeedSequence | np.random.Generator | HasGenerator


def _canonical(part: AddressPart) -> AddressPart:
    """Return `part` in the one form in which it is hashed.

    `numpy.linspace(0.2, 1.3, 56)[5]` and the literal 0.3 name the same grid point, and so do 1
    and 1.0: numbers are rounded to 12 significant digits, whole ones become integers, and
    others are marked as numbers, lest 0.3 be taken for the text "0.3".
    """
    if isinstance(part, float | np.floating):
        rounded = float(f"{float(part):.12g}")
        return int(rounded) if rounded.is_integer() else {"number": f"{rounded:.12g}"}
    if isinstance(part, np.integer):
        return int(part)
    if isinstance(part, Mapping):
        return {str(key): _canonical(value) for key, value in part.items()}
    if isinstance(part, Sequence) and not isinstance(part, str):
        return [_canonical(value) for value in part]
    return part


def canonical_json(address: Sequence[AddressPart]) -> str:
    """Return the text of an address that is hashed."""
    return json.dumps(_canonical(address), sort_keys=True, separators=(",", ":"))


def seed_sequence(root_seed: int, *address: AddressPart) -> np.random.SeedSequence:
    """Return the seed sequence of the block at `address`.

    The entropy is the root seed followed by the SHA-256 digest (eight 32-bit words) of the
    canonical JSON form of the address. NumPy mixes them into a pool of 128 bits, so two
    different addresses share a stream with a probability of about 2⁻¹²⁸.

    Raises:
        ValueError: `root_seed` is negative.
    """
    if root_seed < 0:
        raise ValueError(f"the root seed must be zero or positive, not {root_seed}")
    digest = hashlib.sha256(canonical_json(address).encode()).digest()
    words = np.frombuffer(digest, dtype="<u4")
    return np.random.SeedSequence([root_seed, *(int(word) for word in words)])


def as_generator(seed: Randomness) -> np.random.Generator:
    """Return a generator of numpy's: `seed` itself, that of a stream, or a new one.

    Raises:
        TypeError: `seed` is nothing of that kind; None is not, since its numbers cannot be had again.
    """
    if isinstance(seed, int | np.integer | np.random.SeedSequence | np.random.Generator):
        return np.random.default_rng(seed)
    found = getattr(seed, "numpy", None)
    if not isinstance(found, np.random.Generator):
        raise TypeError(
            "a seed is an integer, a numpy SeedSequence or Generator, or a RandomStream, "
            f"not {type(seed).__name__}"
        )
    return found
