"""Evenly spaced grids in the configuration, as `numpy.linspace` makes them."""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field


class Grid(BaseModel):
    """`count` evenly spaced values from `start` to `stop`, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: float = Field(description="first value")
    stop: float = Field(description="last value")
    count: int = Field(ge=1, description="number of values")

    def values(self) -> list[float]:
        """Return the values, rounded to ten digits so that 0.3 is 0.3."""
        return [round(float(value), 10) for value in np.linspace(self.start, self.stop, self.count)]
