"""Random numbers of tests: the same in every run, and others at every address."""

from collections.abc import Callable

from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence


def streams(root_seed: int, name: str) -> Callable[..., RandomStream]:
    """Return a function of an address that gives the stream there, from its beginning."""
    return lambda *address: RandomStream(seed_sequence(root_seed, name, *address))
