"""Settings of the figure on means of 50 networks that explode, which the paper draws as points."""

from pydantic import PositiveInt

from study.blocks import blocks
from study.points import Point, PointSettings, chosen, published
from study.settings import Counts, Replicates, Width


class Settings(PointSettings):
    shows = "where the mean of 50 exploding networks may lie: iid weights at β = 1/4, smooth ones at β = 1/2"
    label = "means of 50 exploding networks"
    reads_published = ("fig1",)
    memory_mb = 2000
    chooses_points = (
        "depths", "independent_beta", "independent_networks",
        "smooth_depth", "smooth_beta", "smooth_networks", "block",
    )  # fmt: skip

    width: Width = published(40, "d")
    depths: Counts = published([359, 599, 1000], "L at which means with iid weights are published")
    independent_beta: float = published(0.25, "β of the networks with iid weights", gt=0)
    independent_networks: Replicates = chosen(2000, "networks with iid Gaussian weights per depth")
    smooth_depth: PositiveInt = published(
        1000, "L at which a mean with smooth weights is published"
    )
    smooth_beta: float = published(0.5, "β of the networks with smooth weights", gt=0)
    smooth_networks: Replicates = chosen(2000, "networks with smooth weights")
    block: PositiveInt = chosen(
        1000, "networks in one job; a different value changes the random numbers"
    )

    def grid_points(self) -> list[Point]:
        smooth = ("smooth", self.smooth_beta, [self.smooth_depth], self.smooth_networks)
        iid = ("independent", self.independent_beta, self.depths, self.independent_networks)
        return [
            {"weights": weights, "beta": beta, "depth": depth, "block": block, "networks": count}
            for weights, beta, depths, networks in (smooth, iid)
            for block, count in blocks(networks, self.block)
            for depth in depths
        ]

    def job_of(self, point: Point) -> str:
        return f"{point['weights']}_block{point['block']:02d}"

    def work(self) -> float:
        """Return entries of smooth weights; what iid ones cost is little beside."""
        return float(self.smooth_networks * self.smooth_depth * self.width**2)
