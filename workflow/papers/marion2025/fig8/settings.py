"""Settings of Figure 8: weights against the layer, before and after training."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from papers.marion2025.residual_training import Rate, ResidualTraining
from study.points import Point, chosen, published
from study.settings import IMAGES, DataSetName, EachOnce, Parts, Replicates, Section


class WeightCase(Section):
    """One panel."""

    law: Literal["smooth", "independent"] = Field(description="of the initial weights")
    beta: float = Field(gt=0, description="β")


class Settings(ResidualTraining):
    """Points are networks; a job trains some of every panel.

    Attributes:
        biased: whether biases are trained too.
    """

    shows = "weights against the layer before and after training, and how rough they are"
    label = "weights after training"
    chooses_points = ("cases", "networks", "block")
    minutes = 60
    biased: ClassVar[bool] = False

    @property
    def memory_mb(self) -> int:
        """What one part needs, MB: all images are in memory."""
        return 4500 if self.data == "cifar10" else 2000

    data: DataSetName = Field(
        "mnist_subset",
        description="data set; published: mnist; mnist_subset: the carried 10,000 + 2,000 images",
    )
    cases: EachOnce[WeightCase] = published(
        [
            WeightCase(law="smooth", beta=1.0),
            WeightCase(law="independent", beta=1.0),
            WeightCase(law="independent", beta=0.5),
        ],
        "panels",
    )
    networks: Replicates = Field(
        8, description="networks per panel, all measured, the first one drawn; chosen (paper: 1)"
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
    lags: Annotated[list[PositiveInt], Field(min_length=2)] = chosen(
        [1, 2, 4, 8, 16, 32, 64],
        "lags in layers of the second-order variations; the Hurst index is estimated from the first two",
    )

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

    def grid_points(self) -> list[Point]:
        return [
            {**case.model_dump(), "network": network}
            for case in self.cases
            for network in range(self.networks)
        ]

    def job_of(self, point: Point) -> str:
        return f"block{point['network'] // self.block:03d}"

    def parts(self) -> Parts:
        return {name: {**part, "biased": self.biased} for name, part in super().parts().items()}

    def work(self) -> float:
        each = self.products(IMAGES[self.data][0], self.epochs)
        return len(self.cases) * self.networks * each
