"""Settings of Figure 6: paths of fractional Brownian motion."""

from pydantic import PositiveInt, field_validator

from study.points import Point, PointSettings, chosen, published
from study.settings import Betas, Replicates


class Settings(PointSettings):
    shows = "sample paths of fractional Brownian motion"
    label = "fractional Brownian motion"
    job = "paths"
    chooses_points = ("hursts",)

    hursts: Betas = published([0.2, 0.5, 0.8], "H, one panel each")
    steps: int = published(1000, "steps on [0, 1]", ge=2)
    drawn: PositiveInt = published(1, "paths drawn per panel")
    paths: Replicates = chosen(2000, "paths for the statistics")

    @field_validator("hursts")
    @classmethod
    def _inside_unit_interval(cls, hursts: list[float]) -> list[float]:
        if not all(0 < hurst < 1 for hurst in hursts):
            raise ValueError("a Hurst index must lie strictly between 0 and 1")
        return hursts

    def grid_points(self) -> list[Point]:
        return [{"hurst": hurst} for hurst in self.hursts]

    def work(self) -> float:
        """Return steps of all paths."""
        return float(len(self.hursts) * self.steps * (self.paths + self.drawn))
