"""Settings of the figure on the bounds in probability, which the paper states and does not draw."""

from itertools import product

from pydantic import PositiveInt, field_validator

from papers.marion2025.gaussian_settings import GaussianSamples
from study.points import Point, chosen, published
from study.settings import Betas, Counts, Replicates, Width, Widths


class Settings(GaussianSamples):
    shows = "the bounds in probability beside the distribution of the change: how loose they are"
    label = "looseness of the bounds"
    missing = {
        "log10_output_change": "unmoved",
        "log10_gradient_change": "no_gradient_change",
    }
    chooses_points = (
        "depths", "widths", "betas", "networks", "joint_width", "joint_depth", "joint_networks"
    )  # fmt: skip

    depths: Counts = chosen([1, 10, 100, 1000], "L")
    widths: Widths = chosen([10, 100, 1000], "d")
    betas: Betas = published([0.5, 1.0], "β with L α² ≤ 1")
    networks: Replicates = chosen(16_000, "networks per point")
    joint_width: Width = chosen(40, "d of the networks with gradients")
    joint_depth: PositiveInt = chosen(100, "L of the networks with gradients")
    joint_networks: Replicates = chosen(4000, "networks with gradients per β")

    @field_validator("betas")
    @classmethod
    def _where_the_bounds_are(cls, betas: list[float]) -> list[float]:
        if 0.5 not in betas or min(betas) < 0.5:
            raise ValueError("0.5 must be among them, and none below it: the bounds need L α² ≤ 1")
        return betas

    def grid_points(self) -> list[Point]:
        keys = ("sampler", "width", "depth", "beta", "networks")
        outputs = product(["lengths"], self.widths, self.depths, self.betas, [self.networks])
        joint = product(
            ["joint"], [self.joint_width], [self.joint_depth], self.betas, [self.joint_networks]
        )
        return [dict(zip(keys, values, strict=True)) for values in (*outputs, *joint)]
