"""Evenly spaced grids in the configuration: as `numpy.linspace` makes them, or of fractions."""

from typing import Annotated, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, model_validator


class Grid(BaseModel):
    """`count` evenly spaced values from `start` to `stop`, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    start: float = Field(description="first value")
    stop: float = Field(description="last value")
    count: int = Field(ge=1, description="number of values")

    @model_validator(mode="after")
    def _no_value_twice(self) -> Self:
        if self.count > 1 and self.start == self.stop:
            raise ValueError("start and stop are the same: write count: 1, or another stop")
        return self

    def values(self) -> list[float]:
        """Return the values, rounded to ten digits so that 0.3 is 0.3."""
        return [round(float(value), 10) for value in np.linspace(self.start, self.stop, self.count)]


class Fractions(BaseModel):
    """The fractions i/`of` for i = `first`, `first` + `step` … up to `last`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: PositiveInt = Field(description="first i")
    last: PositiveInt = Field(description="i does not pass this")
    step: PositiveInt = Field(1, description="from one i to the next")
    of: PositiveInt = Field(description="denominator")

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if self.last < self.first:
            raise ValueError("last must not be less than first")
        return self

    def values(self) -> list[float]:
        """Return the values, rounded to ten digits as those of a `Grid` are."""
        return [round(i / self.of, 10) for i in range(self.first, self.last + 1, self.step)]


def _hurst_indices(hursts: Grid) -> Grid:
    if not (0 < hursts.start < 1 and 0 < hursts.stop < 1):
        raise ValueError("start and stop must lie strictly between 0 and 1")
    # Parts are named by their first index, in steps of 0.0001.
    if hursts.count > 1 and abs(hursts.stop - hursts.start) / (hursts.count - 1) < 1e-4:
        raise ValueError("neighbouring values must be 0.0001 apart or more")
    return hursts


#: Hurst indices, strictly between 0 and 1.
HurstGrid = Annotated[Grid, AfterValidator(_hurst_indices)]
