"""Letters of panels, as many as there are."""

from collections.abc import Iterator
from itertools import count, product
from string import ascii_lowercase


def letters() -> Iterator[str]:
    """Yield a, b, …, z, aa, ab and so on."""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))
