"""Settings of Figure 6: paths of fractional Brownian motion."""

from typing import Annotated

from pydantic import Field, PositiveInt

from study.points import Point, PointSettings, chosen, published
from study.settings import EachOnce, Replicates


class Settings(PointSettings):
    shows = "sample paths of fractional Brownian motion"
    label = "fractional Brownian motion"
    job = "paths"
    chooses_points = ("hursts",)

    hursts: EachOnce[Annotated[float, Field(gt=0, lt=1)]] = published(
        [0.2, 0.5, 0.8], "H, one panel each"
    )
    steps: int = published(1000, "steps on [0, 1]", ge=2)
    drawn: PositiveInt = published(1, "paths drawn per panel")
    paths: Replicates = chosen(2000, "paths for the statistics")

    def grid_points(self) -> list[Point]:
        return [{"hurst": hurst} for hurst in self.hursts]

    def work(self) -> float:
        """Return steps of all paths."""
        return float(len(self.hursts) * self.steps * (self.paths + self.drawn))
