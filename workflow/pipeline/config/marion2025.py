"""Configuration of the figures of Marion, Fermanian, Biau & Vert (2025)."""

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt, field_validator

from pipeline.config.grids import Fractions, Grid, HurstGrid
from pipeline.config.marion2025_depth import MarionFig1, MarionFig3, MarionFig4, MarionFig5
from pipeline.config.marion2025_histograms import MarionFig2, MarionFig11
from pipeline.config.marion2025_inside import (
    MarionFig10,
    MarionFig12,
    MarionFig13,
    MarionFig14,
)
from pipeline.config.marion2025_limits import MarionBounds, MarionLimits, MarionLogNormal
from pipeline.config.marion2025_training import MarionFig8, MarionFig9, MarionFig15
from pipeline.config.sections import Betas, FigureSection, Parts, Replicates, Section, Width


class MarionFig6(FigureSection):
    shows = "sample paths of fractional Brownian motion"
    label = "fractional Brownian motion"

    hursts: Betas = Field([0.2, 0.5, 0.8], description="H, one panel each; published")
    steps: int = Field(1000, ge=2, description="steps on [0, 1]; published")
    drawn: PositiveInt = Field(6, description="paths drawn a panel; chosen (paper: 1)")
    paths: Replicates = Field(2000, description="paths for the statistics; chosen")

    @field_validator("hursts")
    @classmethod
    def _inside_unit_interval(cls, hursts: list[float]) -> list[float]:
        if not all(0 < hurst < 1 for hurst in hursts):
            raise ValueError("a Hurst index must lie strictly between 0 and 1")
        return hursts

    def work(self) -> float:
        """Return steps of all paths."""
        return float(len(self.hursts) * self.steps * (self.paths + self.drawn))

    def parts(self) -> Parts:
        return {"paths": self.model_dump()}


class MarionFig7(FigureSection):
    shows = "heat maps of log10 of both ratios over β and Hurst index H, fractional noise"
    label = "heat maps over β and H"
    published = ("marion2025_fig7a_output", "marion2025_fig7b_gradient")
    memory_mb = 2000

    depth: PositiveInt = Field(1000, description="L; published")
    width: Width = Field(40, description="d; published")
    betas: Fractions = Field(
        Fractions(first=9, last=64, of=49),
        description="β = i/of for i = first … last; published, though i = 62 … 64 were not computed",
    )
    hursts: HurstGrid = Field(Grid(start=0.05, stop=0.97, count=51), description="H; published")
    draws: Replicates = Field(5, description="weight draws per H; published")
    inputs_per_draw: PositiveInt = Field(10, description="inputs per weight draw and β; published")
    hursts_per_job: PositiveInt = Field(6, description="rows of the map in one job")
    released_from: float = Field(
        0.6, description="H from which on the map is drawn with the released noise too; chosen"
    )
    inputs: Literal["uniform", "gaussian"] = Field("uniform", description="as in fig1")

    def work(self) -> float:
        """Return multiply–adds of all passes; drawing the noise takes a fraction of them."""
        released = sum(hurst >= self.released_from for hurst in self.hursts.values())
        rows = self.draws * self.inputs_per_draw * len(self.betas.values())
        return float((self.hursts.count + released) * rows * self.depth * self.width**2)

    def parts(self) -> Parts:
        every = self.hursts.values()
        shared = self.model_dump(include={"depth", "width", "draws", "inputs_per_draw", "inputs"})
        size = self.hursts_per_job
        released = [hurst for hurst in every if hurst >= self.released_from]
        return {
            f"{generator}_hurst{round(1e4 * hursts[first]):05d}": {
                "generator": generator,
                "hursts": hursts[first : first + size],
                "betas": self.betas.values(),
                **shared,
            }
            for generator, hursts in (("exact", every), ("released", released))
            for first in range(0, len(hursts), size)
        }


class Marion2025(Section):
    title: ClassVar[str] = "Scaling of ResNets (Marion et al. 2025)"

    fig1: MarionFig1 = MarionFig1()
    fig2: MarionFig2 = MarionFig2()
    fig3: MarionFig3 = MarionFig3()
    fig4: MarionFig4 = MarionFig4()
    fig5: MarionFig5 = MarionFig5()
    fig6: MarionFig6 = MarionFig6()
    fig7: MarionFig7 = MarionFig7()
    fig8: MarionFig8 = MarionFig8()
    fig9: MarionFig9 = MarionFig9()
    fig10: MarionFig10 = MarionFig10()
    fig11: MarionFig11 = MarionFig11()
    fig12: MarionFig12 = MarionFig12()
    fig13: MarionFig13 = MarionFig13()
    fig14: MarionFig14 = MarionFig14()
    fig15: MarionFig15 = MarionFig15()
    limits: MarionLimits = MarionLimits()
    bounds: MarionBounds = MarionBounds()
    lognormal: MarionLogNormal = MarionLogNormal()
