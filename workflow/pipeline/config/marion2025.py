"""Configuration of the figures of Marion, Fermanian, Biau & Vert (2025)."""

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt, field_validator

from pipeline.config.grids import Grid
from pipeline.config.sections import Betas, Counts, FigureSection, Parts, Section, blocks


class MarionFig1(FigureSection):
    shows = "‖h_L − h_0‖/‖h_0‖ against depth, iid weights, one panel a β"
    label = "change of the output against depth"
    published = ("marion2025_fig1",)

    depths: Counts = Field(
        [10, 16, 27, 46, 77, 129, 215, 359, 599, 1000], description="L; published"
    )
    betas: Betas = Field([1.0, 0.25, 0.5], description="β; published")
    width: PositiveInt = Field(40, description="d; published")
    networks: PositiveInt = Field(50, description="networks a point; published")
    block: PositiveInt = Field(
        50, description="networks in one job; another size draws other numbers"
    )
    inputs: Literal["uniform", "gaussian"] = Field(
        "uniform", description="U[0,1) as in the code, or Gaussian as in the text"
    )

    def parts(self) -> Parts:
        shared = self.model_dump(include={"betas", "width", "inputs"})
        return {
            f"depth{depth:05d}_block{block:02d}": {
                "depth": depth,
                **shared,
                "block": block,
                "networks": count,
            }
            for depth in self.depths
            for block, count in blocks(self.networks, self.block)
        }


class MarionFig2(FigureSection):
    shows = "histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖, iid weights"
    label = "histograms of both ratios"
    memory_mb = 2000

    depth: PositiveInt = Field(1000, description="L; published")
    width: PositiveInt = Field(100, description="d; published")
    beta: float = Field(0.5, description="β; published")
    delta: float = Field(0.5, gt=0, lt=1, description="δ of the bounds drawn; derived from them")
    networks: PositiveInt = Field(
        10_000, description="Gaussian weights, reduced sampler; published"
    )
    block: PositiveInt = Field(2500, description="networks of the reduced sampler in one job")
    explicit_networks: PositiveInt = Field(
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


class MarionFig7(FigureSection):
    shows = "heat maps of log10 of both ratios over β and Hurst index H, fractional noise"
    label = "heat maps over β and H"
    published = ("marion2025_fig7a_output",)
    memory_mb = 2000

    depth: PositiveInt = Field(1000, description="L; published")
    width: PositiveInt = Field(40, description="d; published")
    betas: Grid = Field(Grid(start=0.2, stop=1.3, count=56), description="β; published")
    hursts: Grid = Field(Grid(start=0.05, stop=0.97, count=51), description="H; published")
    draws: int = Field(5, ge=2, description="weight draws per H; published")
    inputs_per_draw: PositiveInt = Field(10, description="inputs per weight draw and β; published")
    hursts_per_job: PositiveInt = Field(6, description="rows of the map in one job")
    inputs: Literal["uniform", "gaussian"] = Field("uniform", description="as in fig1")

    @field_validator("hursts")
    @classmethod
    def _inside_unit_interval(cls, hursts: Grid) -> Grid:
        if not (0 < hursts.start < 1 and 0 < hursts.stop < 1):
            raise ValueError("start and stop must lie strictly between 0 and 1")
        if hursts.count > 1 and abs(hursts.stop - hursts.start) / (hursts.count - 1) < 1e-4:
            raise ValueError("neighbouring values must be 0.0001 apart or more")
        return hursts

    def parts(self) -> Parts:
        hursts = self.hursts.values()
        shared = self.model_dump(include={"depth", "width", "draws", "inputs_per_draw", "inputs"})
        size = self.hursts_per_job
        return {
            f"hurst{round(1e4 * hursts[first]):05d}": {
                "hursts": hursts[first : first + size],
                "betas": self.betas.values(),
                **shared,
            }
            for first in range(0, len(hursts), size)
        }


class Marion2025(Section):
    title: ClassVar[str] = "Scaling of ResNets (Marion et al. 2025)"

    fig1: MarionFig1 = MarionFig1()
    fig2: MarionFig2 = MarionFig2()
    fig7: MarionFig7 = MarionFig7()
