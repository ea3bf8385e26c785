"""Configuration of the figures of Luther & Seung (2019)."""

from typing import ClassVar, Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from pipeline.config.luther2019_initialisation import (
    LutherActivations,
    LutherBatchNorm,
    LutherGradients,
    LutherHistograms,
    LutherTotalVariance,
)
from pipeline.config.luther2019_training import LutherLearningCurves, LutherMembraneImages
from study.blocks import blocks
from study.settings import FigureSection, Parts, Replicates, Section, Width, each_once


class FiniteWidthPoint(Section):
    width: Width = Field(description="N, units in every layer")
    samples: int = Field(ge=2, description="T, white-noise inputs per network")
    networks: Replicates = Field(description="independent networks")
    block: PositiveInt = Field(description="networks in one job; another size draws other numbers")


class LutherFiniteWidth(FigureSection):
    shows = "ratio m/v by layer at several widths, against the infinite width"
    label = "m/v by layer, finite width"
    reads = ("theory",)
    published = ("luther2019_finite_width",)

    layers: PositiveInt = Field(50, description="layers 0 … layers − 1; published: 50")
    points: list[FiniteWidthPoint] = Field(
        [
            FiniteWidthPoint(width=30, samples=100, networks=2000, block=2000),
            FiniteWidthPoint(width=100, samples=100, networks=1000, block=1000),
            FiniteWidthPoint(width=300, samples=100, networks=400, block=400),
            FiniteWidthPoint(width=1000, samples=100, networks=240, block=120),
            FiniteWidthPoint(width=3000, samples=100, networks=60, block=30),
        ],
        min_length=1,
        description="widths: published; samples and networks: chosen, the paper does not say; fewer "
        "samples widen the bands over networks",
    )

    @field_validator("points")
    @classmethod
    def _each_width_once(cls, points: list[FiniteWidthPoint]) -> list[FiniteWidthPoint]:
        each_once([point.width for point in points])
        return points

    def parts(self) -> Parts:
        return {
            f"width{p.width:05d}_block{block:02d}": {
                "width": p.width,
                "samples": p.samples,
                "layers": self.layers,
                "block": block,
                "networks": count,
            }
            for p in self.points
            for block, count in blocks(p.networks, p.block)
        }

    def work(self) -> float:
        """Return multiply–adds."""
        return float(self.layers * sum(p.networks * p.samples * p.width**2 for p in self.points))


class Luther2019(Section):
    title: ClassVar[str] = "Variance decay (Luther & Seung 2019)"

    finite_width: LutherFiniteWidth = LutherFiniteWidth()
    total_variance: LutherTotalVariance = LutherTotalVariance()
    histograms: LutherHistograms = LutherHistograms()
    batch_norm: LutherBatchNorm = LutherBatchNorm()
    activations: LutherActivations = LutherActivations()
    gradients: LutherGradients = LutherGradients()
    membrane_images: LutherMembraneImages = LutherMembraneImages()
    learning_curves: LutherLearningCurves = LutherLearningCurves()

    @model_validator(mode="after")
    def _shows_what_is_learnt(self) -> Self:
        shown, learnt = self.membrane_images.side, self.learning_curves.unet.image_side
        if "unet" in self.learning_curves.architectures and shown != learnt:
            raise ValueError(
                f"membrane_images.side: {shown} must equal learning_curves.unet.image_side, "
                f"{learnt}: the images that are shown are those that the U-Net learns"
            )
        return self
