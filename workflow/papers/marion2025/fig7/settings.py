"""Settings of Figure 7: both ratios over β and the Hurst index H."""

from typing import Literal

from pydantic import PositiveInt

from study.grids import Fractions, Grid, HurstGrid
from study.points import Point, PointSettings, chosen, published
from study.settings import Replicates, Width


class Settings(PointSettings):
    shows = "heat maps of log10 of both ratios over β and Hurst index H, fractional noise"
    label = "heat maps over β and H"
    memory_mb = 2000
    chooses_points = ("hursts", "hursts_per_job", "released_from")

    depth: PositiveInt = published(1000, "L")
    width: Width = published(40, "d")
    betas: Fractions = published(
        Fractions(first=9, last=64, of=49),
        "β = i/of for i = first … last; i = 62 … 64 were not computed",
    )
    hursts: HurstGrid = published(Grid(start=0.05, stop=0.97, count=51), "H")
    draws: Replicates = published(5, "weight draws per H")
    inputs_per_draw: PositiveInt = published(10, "inputs per weight draw and β")
    hursts_per_job: PositiveInt = chosen(6, "rows of the map in one job")
    released_from: float = chosen(
        0.6, "H from which on the map is drawn with the released noise too"
    )
    inputs: Literal["uniform", "gaussian"] = chosen("uniform", "as in fig1")

    @property
    def points_per_job(self) -> int:
        return self.hursts_per_job

    def grid_points(self) -> list[Point]:
        return [
            {"generator": generator, "hurst": hurst}
            for generator, lowest in (("exact", 0.0), ("released", self.released_from))
            for hurst in self.hursts.values()
            if hurst >= lowest
        ]

    def work(self) -> float:
        """Return multiply–adds of all passes; drawing the noise takes a fraction of them."""
        rows = self.draws * self.inputs_per_draw * len(self.betas.values())
        return float(len(self.grid_points()) * rows * self.depth * self.width**2)
