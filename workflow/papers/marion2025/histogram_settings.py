"""What settings of the histograms of both ratios share (Marion et al. 2025, Figures 2 and 11)."""

from typing import Literal

from pydantic import PositiveInt

from study.blocks import blocks
from study.points import Point, PointSettings, chosen, published
from study.settings import Replicates, Width


class RatioHistograms(PointSettings):
    """Networks of the reduced sampler and some with drawn weights, a job for each block of either."""

    memory_mb = 2000
    chooses_points = ("depth", "networks", "block", "explicit_networks", "explicit_block")

    depth: PositiveInt = published(1000, "L")
    width: Width = published(100, "d")
    beta: float = published(0.5, "β", gt=0)
    networks: Replicates = chosen(10_000, "Gaussian weights, reduced sampler; published: 10,000")
    block: PositiveInt = chosen(2500, "networks of the reduced sampler in one job")
    explicit_networks: Replicates = chosen(
        1000, "the paper's uniform weights, all drawn; paper: 10,000"
    )
    explicit_block: PositiveInt = chosen(250, "networks with drawn weights in one job")
    inputs: Literal["uniform", "gaussian"] = chosen("uniform", "as in fig1")

    def grid_points(self) -> list[Point]:
        samplers = (
            ("reduced", self.networks, self.block),
            ("explicit", self.explicit_networks, self.explicit_block),
        )
        return [
            {"sampler": sampler, "depth": self.depth, "block": block, "networks": count}
            for sampler, networks, size in samplers
            for block, count in blocks(networks, size)
        ]

    def job_of(self, point: Point) -> str:
        return f"{point['sampler']}_block{point['block']:02d}"

    def work(self) -> float:
        """Return weights drawn, in whose unit a number of the reduced sampler costs 7 (measured)."""
        layer = self.explicit_networks * self.width**2 + 7 * self.networks * self.width
        return float(self.depth * layer)
