"""How the hidden widths vary over depth (Hanin & Rolnick 2018, Figure 3).

Constant 15, constant 20, alternating 30 and 10, 30 then 10 and 10 then 30 are the paper's; linearly
rising, linearly falling, random in 10 … 30, and a width equal to the depth are added.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

NARROW, WIDE = 10, 30


@dataclass(frozen=True)
class WidthPattern:
    """A pattern of hidden widths.

    Attributes:
        name: key in `WIDTH_PATTERNS`, as in configurations and tables.
        label: name for figures and captions.
        widths: function of the depth and a generator (which only "random" uses) that returns the
            widths of the hidden layers.
    """

    name: str
    label: str
    widths: Callable[[int, np.random.Generator], list[int]]


def _rising(depth: int) -> list[int]:
    return np.rint(np.linspace(NARROW, WIDE, depth)).astype(int).tolist()


#: The patterns by name. With an odd depth the first half is the longer one.
WIDTH_PATTERNS: dict[str, WidthPattern] = {
    pattern.name: pattern
    for pattern in (
        WidthPattern("constant_15", "constant 15", lambda depth, _: [15] * depth),
        WidthPattern("constant_20", "constant 20", lambda depth, _: [20] * depth),
        WidthPattern(
            "alternating",
            "alternating 30, 10",
            lambda depth, _: ([WIDE, NARROW] * depth)[:depth],
        ),
        WidthPattern(
            "wide_first",
            "30 then 10",
            lambda depth, _: [WIDE] * (depth - depth // 2) + [NARROW] * (depth // 2),
        ),
        WidthPattern(
            "narrow_first",
            "10 then 30",
            lambda depth, _: [NARROW] * (depth - depth // 2) + [WIDE] * (depth // 2),
        ),
        WidthPattern("rising", "rising 10 … 30", lambda depth, _: _rising(depth)),
        WidthPattern("falling", "falling 30 … 10", lambda depth, _: _rising(depth)[::-1]),
        WidthPattern(
            "random",
            "random in 10 … 30",
            lambda depth, generator: generator.integers(NARROW, WIDE + 1, depth).tolist(),
        ),
        WidthPattern("depth", "width = depth", lambda depth, _: [depth] * depth),
    )
}
#: Names of those of the paper, and of the others.
PUBLISHED_PATTERNS, ADDED_PATTERNS = tuple(WIDTH_PATTERNS)[:5], tuple(WIDTH_PATTERNS)[5:]
