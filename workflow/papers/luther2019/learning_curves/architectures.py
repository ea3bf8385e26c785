"""Settings of the three architectures whose learning curves are drawn."""

from abc import abstractmethod
from typing import Annotated, Self

from pydantic import Field, PositiveInt, model_validator

from deepinit.training.layer_shapes import (
    LayerShape,
    all_cnn_c_shapes,
    multiply_adds,
    plain_shapes,
    unet_shapes,
)
from study.points import chosen
from study.settings import IMAGES, DataSetName, EachOnce, Replicates, Section, Width

#: (channels, rows = columns) of an image.
_SHAPES: dict[DataSetName, tuple[int, int]] = {
    "mnist_subset": (1, 28),
    "mnist": (1, 28),
    "cifar10": (3, 32),
}
_CLASSES = 10
_ARMS = 3
Rates = EachOnce[Annotated[float, Field(gt=0)]]
#: Larger blocks of pixels leave too little of an image.
PixelBlock = Annotated[int, Field(ge=1, le=7)]


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
    pixel_block: PixelBlock

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
        return self.image()[1]


class AllCnnCurves(ClassifierSetting):
    width: Width = Field(
        8,
        description="channels of the first three layers, twice as many later; chosen, published: 96",
    )
    seeds: Replicates = Field(
        16, description="networks per arm and rate; chosen, published: several"
    )
    rates: Rates = chosen([0.003, 0.01, 0.03, 0.1, 0.3], "the grid of rates")
    batch_size: int = chosen(32, "images per step", ge=2)
    steps: PositiveInt = Field(300, description="iterations; chosen, published: 100,000")
    data: DataSetName = Field("mnist_subset", description="paper: cifar10, presumed, not known")
    pixel_block: PixelBlock = chosen(
        2, "side of the blocks of pixels that are averaged first, 1 keeps the images"
    )

    def shapes(self) -> list[LayerShape]:
        return all_cnn_c_shapes(self.image()[0], self.width, _CLASSES)


class PlainCurves(ClassifierSetting):
    width: Width = chosen(64, "units of every hidden layer")
    depth: int = Field(50, ge=2, description="layers with weights; added here, chosen")
    seeds: Replicates = chosen(6, "networks per arm and rate")
    rates: Rates = chosen([0.001, 0.003, 0.01], "the grid of rates")
    batch_size: int = chosen(64, "images per step", ge=2)
    steps: PositiveInt = chosen(300, "iterations")
    data: DataSetName = chosen("mnist_subset", "paper: all of MNIST")
    pixel_block: PixelBlock = chosen(2, "side of the blocks of pixels that are averaged first")

    def shapes(self) -> list[LayerShape]:
        channels, side = self.image()
        return plain_shapes(channels * side**2, self.width, self.depth, _CLASSES)


class UNetCurves(CurveSetting):
    width: Width = Field(6, description="channels of the first level; chosen, original U-Net: 64")
    levels: PositiveInt = Field(3, description="sizes of image; chosen, original U-Net: 5")
    seeds: Replicates = Field(
        8, description="networks per arm and rate; chosen, published: several"
    )
    rates: Rates = chosen([0.03, 0.1, 0.3, 1.0, 3.0], "the grid of rates")
    batch_size: int = chosen(8, "images per step", ge=2)
    steps: PositiveInt = Field(150, description="iterations; chosen, published: 50,000")
    image_side: PositiveInt = chosen(32, "rows and columns")
    images: PositiveInt = chosen(200, "images to train on")
    test_images: PositiveInt = chosen(50, "images to test on")

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
