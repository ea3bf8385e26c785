"""What settings of figures of a ratio against depth share (Marion et al. 2025, Figures 1, 4, 10, 13)."""

from typing import ClassVar, Literal

from pydantic import NonNegativeInt, PositiveInt

from study.blocks import blocks
from study.points import Point, PointSettings, chosen, published
from study.settings import Betas, Counts, Replicates, Width


class AgainstDepth(PointSettings):
    """Networks of several depths, in blocks; one block of all depths up to `shallow` is a job."""

    chooses_points: ClassVar[tuple[str, ...]] = ("depths", "betas", "networks", "block", "shallow")

    depths: Counts = published([10, 16, 27, 46, 77, 129, 215, 359, 599, 1000], "L")
    betas: Betas = published([1.0, 0.25, 0.5], "β")
    width: Width = published(40, "d")
    networks: Replicates = published(50, "networks per point")
    block: PositiveInt = chosen(
        50, "networks in one job; a different value changes the random numbers"
    )
    shallow: NonNegativeInt = chosen(400, "depths up to this one share a job")
    inputs: Literal["uniform", "gaussian"] = chosen("uniform", "as in fig1")

    def places(self) -> list[Point]:
        """Return the points of one depth."""
        return [{"beta": beta} for beta in self.betas]

    def grid_points(self) -> list[Point]:
        return [
            {**place, "depth": depth, "block": block, "networks": count}
            for depth in sorted(self.depths, key=lambda depth: depth > self.shallow)
            for block, count in blocks(self.networks, self.block)
            for place in self.places()
        ]

    def job_of(self, point: Point) -> str:
        depth = point["depth"]
        name = "shallow" if depth <= self.shallow else f"depth{depth:05d}"
        return f"{name}_block{point['block']:02d}"

    def work(self) -> float:
        """Return entries of weights of all points, those of one matrix a layer."""
        return float(self.networks * len(self.places()) * sum(self.depths) * self.width**2)
