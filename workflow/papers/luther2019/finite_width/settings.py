"""Settings of networks of finite width."""

from typing import Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from study.blocks import blocks
from study.points import chosen, published
from study.settings import FigureSection, Parts, Replicates, Section, Width, each_once


class WidthPoint(Section):
    width: Width = Field(description="N, units in every layer")
    samples: int = Field(ge=2, description="T, white-noise inputs per network")
    networks: Replicates = Field(description="independent networks")
    block: PositiveInt = Field(
        description="networks in one job; a different value changes the random numbers"
    )


class Settings(FigureSection):
    shows = "ratio m/v by layer at several widths, against the infinite width"
    label = "m/v by layer, finite width"
    reads = ("theory",)

    layers: int = published(50, "layers 0 … layers − 1", ge=2)
    points: list[WidthPoint] = Field(
        [
            WidthPoint(width=30, samples=100, networks=2000, block=2000),
            WidthPoint(width=100, samples=100, networks=1000, block=1000),
            WidthPoint(width=300, samples=100, networks=800, block=400),
            WidthPoint(width=1000, samples=100, networks=480, block=120),
            WidthPoint(width=3000, samples=100, networks=60, block=30),
        ],
        min_length=1,
        description="widths: published; samples and networks: chosen, the paper does not say; fewer "
        "samples widen the bands over networks",
    )

    few: int = chosen(
        30, "inputs from which m/v is taken once more, to tell how many the paper had", ge=2
    )

    @field_validator("points")
    @classmethod
    def _each_width_once(cls, points: list[WidthPoint]) -> list[WidthPoint]:
        each_once([point.width for point in points])
        return points

    @model_validator(mode="after")
    def _has_so_many(self) -> Self:
        if self.few > (least := min(point.samples for point in self.points)):
            raise ValueError(f"few: {self.few} inputs cannot be taken from {least}")
        return self

    def parts(self) -> Parts:
        return {
            f"width{p.width:05d}_block{block:02d}": {
                "points": [
                    {"width": p.width, "block": block, "samples": p.samples, "networks": count}
                ],
                "layers": self.layers,
                "few": self.few,
                "missing": self.missing,
            }
            for p in self.points
            for block, count in blocks(p.networks, p.block)
        }

    def work(self) -> float:
        """Return multiply–adds."""
        return float(self.layers * sum(p.networks * p.samples * p.width**2 for p in self.points))
