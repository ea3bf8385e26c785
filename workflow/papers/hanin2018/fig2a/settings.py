"""Settings of Figure 2a: length in residual networks, by scale."""

from pydantic import PositiveInt

from papers.hanin2018.scales import RECIPROCAL
from papers.hanin2018.settings import ScaledModules
from study.points import Point, chosen, published
from study.settings import Counts, Replicates, Width

#: All weights drawn, a network a row; or unbiased estimates of the mean by the reduced sampler.
_SAMPLERS = ("network", "population")

#: Job ↦ the settings that it has to itself.
_SEEN = {
    "network": {"modules", "networks"},
    "population": {"modules", "populations", "particles"},
    "reciprocal": {"reciprocal", "populations", "particles"},
}


class Settings(ScaledModules):
    shows = "mean length in residual networks against the number of modules, by scale"
    label = "length in residual networks"
    chooses_points = ("bases", "endings")

    modules: Counts = chosen([*range(1, 10), *range(10, 101, 5)], "L, residual modules")
    hidden: PositiveInt = published(5, "width of a module's hidden layer")
    width: Width = chosen(5, "n, width of the stream x, as the hidden one")
    networks: Replicates = chosen(2000, "networks with all weights drawn")
    populations: Replicates = chosen(20, "independent estimates of the mean")
    particles: PositiveInt = chosen(1000, "networks in a population that estimates the mean")

    def grid_points(self) -> list[Point]:
        points = [{**kind, "sampler": name} for name in _SAMPLERS for kind in self.kinds()]
        reciprocal = {"ending": "relu", "base": RECIPROCAL, "sampler": "population"}
        return points + [reciprocal] * bool(self.reciprocal)

    def job_of(self, point: Point) -> str:
        return "reciprocal" if point["base"] == RECIPROCAL else point["sampler"]

    def unused(self, point: Point) -> set[str]:
        return set().union(*_SEEN.values()) - _SEEN[self.job_of(point)]

    def work(self) -> float:
        """Return random numbers: weights of the networks, and two layers' units of the particles."""
        curves = len(self.endings) * len(self.bases) * max(self.modules)
        weights = 2 * self.width * self.hidden * self.networks
        units = (self.width + self.hidden) * self.populations * self.particles
        return float(curves * (weights + units) + sum(self.reciprocal) * units)
