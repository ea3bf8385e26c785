"""Configuration of the figures of Marion et al. (2025) that train networks: 8, 9 and 15.

"Code" is github.com/PierreMarion23/scaling-resnets: models.py, config.py, training.py.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from study.blocks import blocks
from study.settings import (
    IMAGES,
    DataSetName,
    FigureSection,
    Parts,
    Replicates,
    Section,
    Width,
)

Rate = Annotated[float, Field(gt=0)]


class ResidualTraining(FigureSection):
    """What the training of all three figures has in common."""

    priority = 10

    depth: PositiveInt = Field(1000, description="L; published")
    width: Width = Field(30, description="d; published")
    batch_size: PositiveInt = Field(128, description="images a step; published")

    def products(self, images: int, epochs: int) -> float:
        """Return multiply–adds of the hidden layers in the training of one network."""
        return 3.0 * self.depth * self.width**2 * images * epochs


class WeightCase(Section):
    """One panel of figures 8 and 15."""

    law: Literal["smooth", "independent"] = Field(description="of the initial weights")
    beta: float = Field(gt=0, description="β")


class TrainedWeights(ResidualTraining):
    """Weights against the layer, before and after training."""

    biased: ClassVar[bool]
    script = "fig8"

    @property
    def memory_mb(self) -> int:
        """What one part needs, MB: all images are in memory."""
        return 4500 if self.data == "cifar10" else 2000

    minutes = 60

    data: DataSetName = Field(
        "mnist_subset",
        description="data set; published: mnist; mnist_subset: the carried 10,000 + 2,000 images",
    )
    cases: Annotated[list[WeightCase], Field(min_length=1)] = Field(
        [
            WeightCase(law="smooth", beta=1.0),
            WeightCase(law="independent", beta=1.0),
            WeightCase(law="independent", beta=0.5),
        ],
        description="panels; published",
    )
    networks: Replicates = Field(
        5, description="networks a panel, all measured, the first one drawn; chosen (paper: 1)"
    )
    block: PositiveInt = Field(5, description="networks of every panel in one job")
    epochs: PositiveInt = Field(3, description="passes over the images; chosen (code: 10)")
    learning_rate: Rate = Field(
        0.01, description="of Adam; code's configuration of this figure; its script takes 0.001"
    )
    drop_every: PositiveInt | None = Field(
        None,
        description="epochs after which the rate is divided by 10; null: never, as with the code's "
        "rate of 0.01 (1000); with 0.001 the code has 5",
    )
    smooth: Literal["process", "increments"] = Field(
        "process",
        description="smooth weights: the process, as in the paper's figure 4, or its increments, "
        "as in the code",
    )
    lags: Annotated[list[PositiveInt], Field(min_length=2)] = Field(
        [1, 2, 4, 8, 16, 32, 64],
        description="lags in layers of the second-order variations; the Hurst index is estimated "
        "from the first two; chosen",
    )

    @field_validator("cases")
    @classmethod
    def _each_panel_once(cls, cases: list[WeightCase]) -> list[WeightCase]:
        if len(set(cases)) < len(cases):
            raise ValueError("each panel once, please: two have the same law and β")
        return cases

    @field_validator("lags")
    @classmethod
    def _ascending(cls, lags: list[int]) -> list[int]:
        if sorted(set(lags)) != lags:
            raise ValueError("list the lags in ascending order, each once")
        return lags

    @model_validator(mode="after")
    def _deep_enough(self) -> Self:
        if self.depth <= 2 * max(self.lags):
            raise ValueError(
                f"a lag of {max(self.lags)} needs a depth above {2 * max(self.lags)}; shorten lags"
            )
        return self

    def parts(self) -> Parts:
        shared = self.model_dump(exclude={"networks", "block"})
        return {
            f"block{block:03d}": {
                **shared,
                "biased": self.biased,
                "first_network": block * self.block,
                "networks": count,
            }
            for block, count in blocks(self.networks, self.block)
        }

    def work(self) -> float:
        each = self.products(IMAGES[self.data][0], self.epochs)
        return len(self.cases) * self.networks * each


class MarionFig8(TrainedWeights):
    shows = "weights against the layer before and after training, and how rough they are"
    label = "weights after training"
    biased = False


class MarionFig15(TrainedWeights):
    shows = "as fig8 with a trained bias, which the published figure does not have"
    label = "weights after training with a trained bias"
    biased = True
