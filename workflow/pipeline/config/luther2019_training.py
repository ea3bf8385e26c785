"""Configuration of the training figures of Luther & Seung (2019)."""

from abc import abstractmethod
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from deepinit.training.layer_shapes import (
    LayerShape,
    all_cnn_c_shapes,
    multiply_adds,
    plain_shapes,
    unet_shapes,
)
from study.settings import (
    IMAGES,
    DataSetName,
    EachOnce,
    FigureSection,
    Parts,
    Replicates,
    Section,
    Width,
)

#: (channels, rows = columns) of an image.
_SHAPES: dict[DataSetName, tuple[int, int]] = {
    "mnist_subset": (1, 28),
    "mnist": (1, 28),
    "cifar10": (3, 32),
}
_CLASSES = 10
_ARMS = 3
ArchitectureName = Literal["all_cnn_c", "unet", "plain"]
Rates = EachOnce[Annotated[float, Field(gt=0)]]


class CurveSetting(Section):
    """What the three architectures share; every arm of one architecture has the same values."""

    width: Width
    seeds: Replicates
    rates: Rates
    batch_size: int = Field(ge=2)
    steps: PositiveInt

    @abstractmethod
    def shapes(self) -> list[LayerShape]:
        """Return the layers of one network."""

    @abstractmethod
    def side(self) -> int:
        """Return the rows and columns of its images."""

    def work(self) -> float:
        """Return the multiply–adds of all its forward passes, of which a backward pass takes two."""
        networks = self.seeds * _ARMS * len(self.rates)
        images = self.steps * self.batch_size
        return float(networks * images * multiply_adds(self.shapes(), self.side()))


class ClassifierSetting(CurveSetting):
    data: DataSetName
    pixel_block: PositiveInt

    def image(self) -> tuple[int, int]:
        """Return channels and side of an image, blocks of pixels averaged."""
        channels, side = _SHAPES[self.data]
        return channels, side // self.pixel_block

    @model_validator(mode="after")
    def _batch_fits(self) -> Self:
        if self.batch_size > IMAGES[self.data][0]:
            raise ValueError(
                f"batch_size: {self.batch_size} is more than the {IMAGES[self.data][0]} images of "
                f"{self.data}"
            )
        return self

    def side(self) -> int:
        """Return the rows and columns of its images."""
        return self.image()[1]

    @field_validator("pixel_block")
    @classmethod
    def _leaves_an_image(cls, block: int) -> int:
        if block > 7:
            raise ValueError(f"blocks of {block} × {block} pixels leave too little of an image")
        return block


class AllCnnCurves(ClassifierSetting):
    width: Width = Field(
        8,
        description="channels of the first three layers, twice as many later; chosen, published: 96",
    )
    seeds: Replicates = Field(
        12, description="networks an arm and rate; chosen, published: several"
    )
    rates: Rates = Field([0.01, 0.03, 0.1], description="the grid of rates; chosen")
    batch_size: int = Field(32, ge=2, description="images a step; chosen")
    steps: PositiveInt = Field(600, description="iterations; chosen, published: 100,000")
    data: DataSetName = Field("mnist_subset", description="paper: cifar10, presumed, not known")
    pixel_block: PositiveInt = Field(
        2,
        description="side of the blocks of pixels that are averaged first, 1 keeps the images; chosen",
    )

    def shapes(self) -> list[LayerShape]:
        return all_cnn_c_shapes(self.image()[0], self.width, _CLASSES)


class PlainCurves(ClassifierSetting):
    width: Width = Field(64, description="units of every hidden layer; chosen")
    depth: int = Field(50, ge=2, description="layers with weights; added here, chosen")
    seeds: Replicates = Field(6, description="networks an arm and rate; chosen")
    rates: Rates = Field([0.001, 0.003, 0.01, 0.03], description="the grid of rates; chosen")
    batch_size: int = Field(64, ge=2, description="images a step; chosen")
    steps: PositiveInt = Field(300, description="iterations; chosen")
    data: DataSetName = Field("mnist_subset", description="paper: all of MNIST; chosen")
    pixel_block: PositiveInt = Field(
        2, description="side of the blocks of pixels that are averaged first; chosen"
    )

    def shapes(self) -> list[LayerShape]:
        channels, side = self.image()
        return plain_shapes(channels * side**2, self.width, self.depth, _CLASSES)


class UNetCurves(CurveSetting):
    width: Width = Field(6, description="channels of the first level; chosen, original U-Net: 64")
    levels: PositiveInt = Field(3, description="sizes of image; chosen, original U-Net: 5")
    seeds: Replicates = Field(6, description="networks an arm and rate; chosen, published: several")
    rates: Rates = Field([0.03, 0.1, 0.3], description="the grid of rates; chosen")
    batch_size: int = Field(8, ge=2, description="images a step; chosen")
    steps: PositiveInt = Field(250, description="iterations; chosen, published: 50,000")
    image_side: PositiveInt = Field(32, description="rows and columns; chosen")
    images: PositiveInt = Field(200, description="images to train on; chosen")
    test_images: PositiveInt = Field(50, description="images to test on; chosen")

    @model_validator(mode="after")
    def _levels_fit(self) -> Self:
        if self.image_side % (1 << (self.levels - 1)):
            raise ValueError(
                f"image_side: {self.levels} levels halve an image {self.levels - 1} times, and "
                f"{self.image_side} cannot be halved so often; take a multiple of "
                f"{1 << (self.levels - 1)}"
            )
        if self.batch_size > self.images:
            raise ValueError(f"batch_size: {self.batch_size} is more than the {self.images} images")
        return self

    def shapes(self) -> list[LayerShape]:
        return unet_shapes(1, self.width, self.levels)

    def side(self) -> int:
        return self.image_side


class LutherMembraneImages(FigureSection):
    shows = "the seeded images of cells on which the U-Net is trained, and what a threshold finds"
    label = "membrane images"
    memory_mb, minutes = 800, 5

    side: int = Field(32, ge=16, description="rows and columns; as in learning_curves.unet")
    images: Replicates = Field(150, description="independent images; chosen")
    drawn: PositiveInt = Field(6, description="images that are drawn; chosen")

    def parts(self) -> Parts:
        return {"images": self.model_dump(exclude={"drawn"})}

    def work(self) -> float:
        """Return the number of pixels."""
        return float(self.images * self.side**2)


class LutherLearningCurves(FigureSection):
    shows = "training loss against iterations: total init, sample init, batch norm"
    label = "learning curves"
    reads = ("membrane_images",)
    missing = {"loss": "diverged", "test_score": "no_test_score"}
    priority = 10

    architectures: EachOnce[ArchitectureName] = Field(
        ["all_cnn_c", "unet", "plain"], description="published: the first two; the last added"
    )
    momentum: float = Field(0.9, ge=0, lt=1, description="of SGD; the optimiser is chosen")
    total_scale: Literal["he", "pooled"] = Field(
        "he",
        description="total init: He's weights, or (pooled) one scalar a layer from the first batch; "
        "published: either",
    )
    points: PositiveInt = Field(
        50, description="points of a curve, each a mean over iterations; chosen"
    )
    all_cnn_c: AllCnnCurves = AllCnnCurves()
    unet: UNetCurves = UNetCurves()
    plain: PlainCurves = PlainCurves()

    def settings(self) -> dict[ArchitectureName, CurveSetting]:
        """Return architecture ↦ its setting."""
        return {name: getattr(self, name) for name in self.architectures}

    @model_validator(mode="after")
    def _enough_steps(self) -> Self:
        for name, setting in self.settings().items():
            if setting.steps < max(10, self.points):
                raise ValueError(
                    f"{name}.steps: at least 10, and one for each of the {self.points} points "
                    f"of a curve, are needed, not {setting.steps}"
                )
        return self

    def parts(self) -> Parts:
        shared: dict[str, Any] = self.model_dump(include={"momentum", "total_scale", "points"})
        return {
            f"{name}_rate{_in_a_name(rate)}": {
                "architecture": name,
                "rate": rate,
                **setting.model_dump(exclude={"rates"}),
                **shared,
            }
            for name, setting in self.settings().items()
            for rate in setting.rates
        }

    def work(self) -> float:
        """Return the multiply–adds of all forward passes, of which a backward pass takes two."""
        return sum(setting.work() for setting in self.settings().values())

    @property
    def memory_mb(self) -> int:
        # The carried subset is small; CIFAR-10 in float32 takes 0.6 GB a copy.
        settings = self.settings().values()
        small = all(
            getattr(setting, "data", "mnist_subset") == "mnist_subset" for setting in settings
        )
        return 1500 if small else 8000

    @property
    def minutes(self) -> int:
        # Some 10¹⁰ multiply–adds a second on a core for a forward pass with its share of the
        # backward one; never less than an hour, never more than a cluster's week.
        largest = max(setting.work() / len(setting.rates) for setting in self.settings().values())
        return int(min(7 * 24 * 60, max(60, largest / 3e9 / 60)))


def _in_a_name(rate: float) -> str:
    """Return a number as file names and rules take it: 0.003 as 0p003, 1e-05 as 1em05."""
    return str(rate).replace(".", "p").replace("-", "m").replace("+", "")
