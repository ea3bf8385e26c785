"""Settings that the figures which train residual networks share (Marion et al. 2025: 8, 9 and 15).

"Code" is github.com/PierreMarion23/scaling-resnets: models.py, config.py, training.py.
"""

from typing import Annotated

from pydantic import Field, PositiveInt

from study.points import PointSettings, published
from study.settings import Width

Rate = Annotated[float, Field(gt=0)]


class ResidualTraining(PointSettings):
    """Shape and batch of the networks."""

    priority = 10

    depth: PositiveInt = published(1000, "L")
    width: Width = published(30, "d")
    batch_size: PositiveInt = published(128, "images per step")

    def products(self, images: int, epochs: int) -> float:
        """Return multiply–adds of the hidden layers in the training of one network."""
        return 3.0 * self.depth * self.width**2 * images * epochs
