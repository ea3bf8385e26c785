"""Settings of Figure 1a: squared length against depth."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator

from papers.hanin2018.published import ADDED_LAWS, PAPER_LAWS
from study.blocks import blocks
from study.points import Point, PointSettings, chosen, published
from study.settings import Counts, Laws, Replicates


class Settings(PointSettings):
    shows = "mean squared activation length against depth, by initialisation"
    label = "squared length against depth"
    missing = {"log10_length": "dead"}
    chooses_points = ("depths", "laws", "networks", "block", "law_depths")

    depths: Counts = Field(
        [5, *range(10, 101, 10)],
        description="depth = width; 10 … 100 as in the paper's Figure 4, recalled for Figure 1; 5 added",
    )
    laws: Laws = Field(
        [*PAPER_LAWS, *ADDED_LAWS],
        description="initialisations; the first six published in Figure 4, four added",
    )
    networks: Replicates = published(1000, "networks per point")
    block: PositiveInt = chosen(
        1000, "networks in one job; a different value changes the random numbers"
    )
    law_depths: Counts = chosen(
        [5, 20, 100], "depths whose histogram of log M_d is drawn beside its exact distribution"
    )

    @model_validator(mode="after")
    def _laws_of_computed_depths(self) -> Self:
        if not set(self.law_depths) & set(self.depths):
            raise ValueError("law_depths: none of them is one of depths")
        return self

    def grid_points(self) -> list[Point]:
        return [
            {"law": law, "depth": depth, "block": block, "networks": count}
            for depth in self.depths
            for block, count in blocks(self.networks, self.block)
            for law in self.laws
        ]

    def job_of(self, point: Point) -> str:
        return f"depth{point['depth']:04d}_block{point['block']:02d}"

    def work(self) -> float:
        """Return weights drawn where all are drawn; the reduced samplers cost little."""
        return float(self.networks * len(self.laws) * sum(depth**3 for depth in self.depths))
