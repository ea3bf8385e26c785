"""How the networks of Hanin & Rolnick (2018) are built: types of values of their configuration."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.config.sections import EachOnce

PatternName = Literal[
    "constant_15",
    "constant_20",
    "alternating",
    "wide_first",
    "narrow_first",
    "rising",
    "falling",
    "random",
    "depth",
]
ALL_PATTERNS: list[PatternName] = list(PatternName.__args__)
Patterns = EachOnce[PatternName]
Bases = EachOnce[Annotated[float, Field(gt=0, le=1)]]
Endings = EachOnce[Literal["relu", "linear"]]
