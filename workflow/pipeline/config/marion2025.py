"""Configuration of the figures of Marion, Fermanian, Biau & Vert (2025)."""

from typing import ClassVar

from pydantic import Field, PositiveInt, field_validator

from pipeline.config.marion2025_limits import MarionBounds, MarionLimits, MarionLogNormal
from pipeline.config.marion2025_training import MarionFig8, MarionFig9, MarionFig15
from study.settings import Betas, FigureSection, Parts, Replicates, Section


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


class Marion2025(Section):
    title: ClassVar[str] = "Scaling of ResNets (Marion et al. 2025)"

    fig6: MarionFig6 = MarionFig6()
    fig8: MarionFig8 = MarionFig8()
    fig9: MarionFig9 = MarionFig9()
    fig15: MarionFig15 = MarionFig15()
    limits: MarionLimits = MarionLimits()
    bounds: MarionBounds = MarionBounds()
    lognormal: MarionLogNormal = MarionLogNormal()
