"""Settings of the figure on the approach to the log-normal limit at β = ½."""

from itertools import product

from pydantic import PositiveInt

from papers.marion2025.gaussian_settings import GaussianSamples
from study.points import Point, chosen
from study.settings import Counts, Replicates, Width, Widths


class Settings(GaussianSamples):
    shows = "how the distribution of the ratios at β = 1/2 approaches its log-normal limit"
    label = "approach to the log-normal limit"
    missing = {"log10_gradient_norm": "no_gradient"}
    reads = ("fig2",)
    chooses_points = (
        "widths", "depths", "networks", "deepest", "deepest_networks",
        "joint_width", "joint_depth", "joint_networks",
    )  # fmt: skip

    widths: Widths = chosen([10, 100, 1000], "d")
    depths: Counts = chosen([10, 30, 100, 300, 1000], "L")
    networks: Replicates = chosen(20_000, "networks per point")
    deepest: PositiveInt = chosen(10_000, "L of one more point at the largest d")
    deepest_networks: Replicates = chosen(10_000, "networks at that point")
    joint_width: Width = chosen(
        10, "d of the networks with gradients, small to show the correlation"
    )
    joint_depth: PositiveInt = chosen(100, "L of the networks with gradients")
    joint_networks: Replicates = chosen(20_000, "networks with gradients")

    def grid_points(self) -> list[Point]:
        keys = ("sampler", "width", "depth", "networks")
        outputs = product(["lengths"], self.widths, self.depths, [self.networks])
        deepest = ("lengths", max(self.widths), self.deepest, self.deepest_networks)
        joint = ("joint", self.joint_width, self.joint_depth, self.joint_networks)
        return [dict(zip(keys, values, strict=True)) for values in (*outputs, deepest, joint)]

    def job_of(self, point: Point) -> str:
        *_, deepest, _ = self.grid_points()
        return "deepest" if point == deepest else super().job_of(point)
