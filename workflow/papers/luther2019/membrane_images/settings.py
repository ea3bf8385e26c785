"""Settings of the images of cells."""

from pydantic import Field, PositiveInt

from study.points import Point, PointSettings, chosen
from study.settings import Replicates


class Settings(PointSettings):
    shows = "the seeded images of cells on which the U-Net is trained, and what a threshold finds"
    label = "membrane images"
    job = "images"
    memory_mb, minutes = 800, 5
    chooses_points = ("drawn",)

    side: int = Field(32, ge=16, description="rows and columns; as in learning_curves.unet")
    images: Replicates = chosen(150, "independent images")
    drawn: PositiveInt = chosen(6, "images that are drawn")

    def grid_points(self) -> list[Point]:
        return [{}]

    def work(self) -> float:
        """Return the number of pixels."""
        return float(self.images * self.side**2)
