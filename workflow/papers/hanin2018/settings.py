"""Settings that several figures of Hanin & Rolnick (2018) share."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, PositiveInt

from study.points import PointSettings, published
from study.settings import IMAGES, EachOnce

PatternName = Literal[
    "constant_15",
    "constant_20",
    "alternating",
    "wide_first",
    "narrow_first",
    "rising",
    "falling",
    "random",
    "depth",
]
ALL_PATTERNS: list[PatternName] = list(PatternName.__args__)
Patterns = EachOnce[PatternName]
Bases = EachOnce[Annotated[float, Field(gt=0, le=1)]]
Endings = EachOnce[Literal["relu", "linear"]]

PIXELS, CLASSES = 784, 10


class ScaledModules(PointSettings):
    """Which residual modules both parts of Figure 2 have."""

    bases: Bases = published([1.0, 0.9, 0.75, 0.5], "b of η_l = b^l, l = 1 … L; 1 is unscaled")
    endings: Endings = Field(
        ["relu", "linear"],
        description="whether a module ends in ReLU or in its linear layer; published: ReLU",
    )


class TrainingSettings(PointSettings):
    """What figures that train networks until they start have in common."""

    priority = 10
    memory_mb = 2000
    missing: ClassVar[dict[str, str]] = {
        "first_reached": "never_reached",
        "initial_accuracy": "no_initial_accuracy",
        "final_accuracy": "no_final_accuracy",
    }

    data: Literal["mnist_subset", "mnist"] = Field(
        "mnist_subset", description="10,000 + 2,000 images of MNIST; paper: all, 60,000 + 10,000"
    )
    batch_size: PositiveInt = Field(
        171, description="gives the paper's 59 steps an epoch on 10,000 images; paper: 1024"
    )
    learning_rate: float = published(0.01, "of plain SGD", gt=0)
    max_epochs: PositiveInt = published(100, "a run that has not started by then")
    target_accuracy: float = published(0.2, "test accuracy", gt=0, le=1)

    def epoch_work(self, weights: float, checks: int = 1) -> float:
        """Return the multiply–adds of one epoch of one network with so many weights.

        A training image passes each weight three times (forward, and backward to the layer below
        and to the weight), a test image once a check.
        """
        train, test = IMAGES[self.data]
        return (3 * train + checks * test) * weights

    @property
    def minutes(self) -> int:
        # One thread trains 100 layers on 60,000 images for a day or more.
        return 60 if self.data == "mnist_subset" else 2880
