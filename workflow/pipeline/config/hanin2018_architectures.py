"""How the networks of Hanin & Rolnick (2018) are built: types of values of their configuration."""

from typing import Annotated, Literal

from pydantic import Field

from study.settings import EachOnce, FigureSection

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


class ScaledModules(FigureSection):
    """Which residual modules both parts of Figure 2 have."""

    bases: Bases = Field(
        [1.0, 0.9, 0.75, 0.5], description="b of η_l = b^l, l = 1 … L; 1 is unscaled; published"
    )
    endings: Endings = Field(
        ["relu", "linear"],
        description="whether a module ends in ReLU or in its linear layer; published: ReLU",
    )
