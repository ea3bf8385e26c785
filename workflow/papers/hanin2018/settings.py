"""Settings that several figures of Hanin & Rolnick (2018) share."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, PositiveInt, model_validator

from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.published import PAPER_BASES
from papers.hanin2018.runs import key_of_runs
from study.points import Point, PointSettings, chosen, published
from study.settings import IMAGES, EachOnce, FigureSection, Replicates, each_once

ALL_PATTERNS = list(WIDTH_PATTERNS)
Patterns = EachOnce[Literal[*WIDTH_PATTERNS]]
Biases = EachOnce[Literal["trained", "none"]]
Bases = EachOnce[Annotated[float, Field(gt=0, le=1)]]
Endings = EachOnce[Literal["relu", "linear"]]

PIXELS, CLASSES = 784, 10


def _odd(kernel: int) -> int:
    if kernel % 2 == 0:
        raise ValueError(f"a kernel needs an odd side, such as 3 or 5, not {kernel}")
    return kernel


OddKernel = Annotated[PositiveInt, AfterValidator(_odd)]
Paddings = EachOnce[Literal["circular", "zero"]]


class ScaledModules(PointSettings):
    """Which residual modules both parts of Figure 2 have."""

    bases: Bases = published(PAPER_BASES, "b of η_l = b^l, l = 1 … L; 1 is unscaled")
    endings: Endings = Field(
        ["relu", "linear"],
        description="whether a module ends in ReLU or in its linear layer; published: ReLU",
    )
    reciprocal: Annotated[list[PositiveInt], AfterValidator(each_once)] = chosen(
        [1, 5, 10, 15, 20, 30, 60, 100],
        "L of networks with η_l = 1/L (Taki 2017), modules end in ReLU; added",
    )

    def kinds(self) -> list[Point]:
        """Return the kinds of residual network whose scales are powers: a kind has any number of modules."""
        return [{"ending": ending, "base": base} for ending in self.endings for base in self.bases]


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
        171, description="gives the paper's 59 steps per epoch on 10,000 images; paper: 1024"
    )
    learning_rate: float = published(0.01, "of plain SGD", gt=0)
    max_epochs: PositiveInt = published(100, "the cap: runs not started by then count as it")
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


class BiasSettings(TrainingSettings):
    """Fully connected networks, with and without biases."""

    biases: Biases = Field(
        ["trained", "none"],
        description="trained: start at zero, as in Keras (the paper's definition has biases); none: added "
        "here",
    )
    runs_apart: Replicates = chosen(
        5, "training runs per point without biases, and of added patterns"
    )

    def unused(self, point: Point) -> set[str]:
        return {"runs", "runs_apart"} - {key_of_runs(point)}


class ConvolutionSettings(FigureSection):
    """What both figures of convolutional networks share: the image and the layers' shape."""

    kernel: OddKernel = published(3, "side k of the kernels, odd")
    paddings: Paddings = Field(
        ["circular", "zero"], description="chosen; circular keeps the mean exactly"
    )
    side: PositiveInt = Field(32, description="rows and columns of the image; as in CIFAR-10")
    smoothness: float = chosen(
        3.0, "blur of the random image, pixels, in place of a photograph", gt=0
    )

    @model_validator(mode="after")
    def _kernel_fits(self) -> Self:
        if self.kernel // 2 > self.side:
            raise ValueError(f"kernel: {self.kernel} is too large for an image of side {self.side}")
        return self

    def multiply_adds(self, kernels: int, layers: int) -> float:
        """Return those of so many layers, each of so many kernels, with every padding."""
        return float(kernels * self.side**2 * self.kernel**2 * layers * len(self.paddings))
