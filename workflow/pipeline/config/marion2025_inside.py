"""Configuration of the figures with the weight inside the activation (Marion et al. 2025, 10 to 14)."""

from typing import Any, Literal

from pydantic import Field, PositiveInt

from pipeline.config.marion2025_depth import AgainstDepth
from pipeline.config.sections import Betas, FigureSection, Parts, blocks


class MarionFig10(AgainstDepth):
    shows = "fig1 for h + α σ(W h): as captioned, and res-3 from the table of fig1"
    label = "weight inside: change of the output"
    reads = ("fig1",)
    published = ("marion2025_fig10",)

    betas: Betas = Field([1.0, 0.25, 0.5], description="β; published")
    activations: list[Literal["relu", "leaky", "identity", "tanh"]] = Field(
        ["relu", "leaky", "identity", "tanh"],
        min_length=1,
        description="σ; published: relu; the others to tell which model was drawn",
    )

    def _point(self) -> dict[str, Any]:
        return {**super()._point(), "weights": "uniform"}


class MarionFig11(FigureSection):
    shows = "fig2 for h + α ReLU(W h): as captioned, and res-3 from the table of fig2"
    label = "weight inside: histograms of both ratios"
    reads = ("fig2",)

    depth: PositiveInt = Field(1000, description="L; published")
    width: PositiveInt = Field(100, description="d; published")
    beta: float = Field(0.5, description="β; published")
    networks: PositiveInt = Field(
        2000, description="Gaussian weights, reduced sampler; chosen (paper: 10,000)"
    )
    block: PositiveInt = Field(2000, description="networks of the reduced sampler in one job")
    explicit_networks: PositiveInt = Field(60, description="uniform weights, all drawn; chosen")
    explicit_block: PositiveInt = Field(60, description="networks with drawn weights in one job")
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


class MarionFig12(FigureSection):
    shows = "fig3 for h + α σ(W h); reads the tables of fig10 and fig1"
    label = "weight inside: change of the gradient"
    reads = ("fig10", "fig1")


class MarionFig13(AgainstDepth):
    shows = "fig4 for h + α ReLU(W h): as captioned, and res-3 from the table of fig4"
    label = "weight inside, smooth: change of the output"
    reads = ("fig4",)
    script = "fig10"

    betas: Betas = Field([2.0, 0.5, 1.0], description="β; published")

    def _point(self) -> dict[str, Any]:
        return {**super()._point(), "activations": ["relu"], "weights": "smooth"}


class MarionFig14(FigureSection):
    shows = "fig5 for h + α ReLU(W h); reads the tables of fig13 and fig4"
    label = "weight inside, smooth: change of the gradient"
    reads = ("fig13", "fig4")
