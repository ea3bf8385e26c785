"""Evenly spaced grids in the configuration, as `numpy.linspace` makes them."""

from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator


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
