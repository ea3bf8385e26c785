"""Configuration of the histograms of both ratios (Marion et al. 2025, Figures 2 and 11)."""

from typing import Literal

from pydantic import Field, PositiveInt

from study.blocks import blocks
from study.settings import FigureSection, Parts, Replicates, Width


class RatioHistograms(FigureSection):
    """What both figures share: networks of the reduced sampler, and some with drawn weights."""

    memory_mb = 2000

    depth: PositiveInt = Field(1000, description="L; published")
    width: Width = Field(100, description="d; published")
    beta: float = Field(0.5, gt=0, description="β; published")
    networks: Replicates = Field(
        10_000, description="Gaussian weights, reduced sampler; published: 10,000"
    )
    block: PositiveInt = Field(2500, description="networks of the reduced sampler in one job")
    explicit_networks: Replicates = Field(
        1000, description="the paper's uniform weights, all drawn; chosen (paper: 10,000)"
    )
    explicit_block: PositiveInt = Field(250, description="networks with drawn weights in one job")
    inputs: Literal["uniform", "gaussian"] = Field("uniform", description="as in fig1")

    def parts(self) -> Parts:
        shared = self.model_dump(include={"depth", "width", "beta", "inputs"})
        samplers = (
            ("reduced", self.networks, self.block),
            ("explicit", self.explicit_networks, self.explicit_block),
        )
        return {
            f"{sampler}_block{block:02d}": {
                "sampler": sampler,
                **shared,
                "block": block,
                "networks": count,
            }
            for sampler, networks, size in samplers
            for block, count in blocks(networks, size)
        }

    def work(self) -> float:
        """Return weights drawn, in whose unit a number of the reduced sampler costs 7 (measured)."""
        layer = self.explicit_networks * self.width**2 + 7 * self.networks * self.width
        return float(self.depth * layer)


class MarionFig2(RatioHistograms):
    shows = "histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖, iid weights"
    label = "histograms of both ratios"

    delta: float = Field(0.5, gt=0, lt=1, description="δ of the bounds drawn; derived from them")


class MarionFig11(RatioHistograms):
    shows = "fig2 for h + α ReLU(W h): as captioned, and res-3 from the table of fig2"
    label = "weight inside: histograms of both ratios"
    reads = ("fig2",)

    networks: Replicates = Field(
        2000, description="Gaussian weights, reduced sampler; chosen (paper: 10,000)"
    )
    block: PositiveInt = Field(2000, description="networks of the reduced sampler in one job")
    explicit_networks: Replicates = Field(60, description="uniform weights, all drawn; chosen")
    explicit_block: PositiveInt = Field(60, description="networks with drawn weights in one job")
