"""Settings of the infinitely wide network."""

from pydantic import PositiveInt

from study.points import Point, PointSettings, published


class Settings(PointSettings):
    shows = "m, v and σ of the pre-activations by layer, infinite width"
    label = "m, v, σ by layer, infinite width"
    job = "theory"
    random = False
    memory_mb, minutes = 500, 5

    depth: PositiveInt = published(50, "last layer drawn")

    def grid_points(self) -> list[Point]:
        return [{}]
