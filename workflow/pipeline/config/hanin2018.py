"""Configuration of the figures of Hanin & Rolnick (2018)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, PositiveInt, field_validator, model_validator

from study.settings import (
    Counts,
    EachOnce,
    FigureSection,
    Parts,
    Replicates,
    Section,
    each_once,
)


def _odd(kernel: int) -> int:
    if kernel % 2 == 0:
        raise ValueError(f"a kernel needs an odd side, such as 3 or 5, not {kernel}")
    return kernel


OddKernel = Annotated[PositiveInt, AfterValidator(_odd)]
Paddings = EachOnce[Literal["circular", "zero"]]


class ConvolutionPoint(Section):
    channels: PositiveInt = Field(description="C, channels in every layer")
    networks: Replicates = Field(description="independent networks a padding")


class ConvolutionSection(FigureSection):
    """What both figures of convolutional networks share: the image and the layers' shape."""

    kernel: OddKernel = Field(3, description="side k of the kernels, odd; published")
    paddings: Paddings = Field(
        ["circular", "zero"], description="chosen; circular keeps the mean exactly"
    )
    side: PositiveInt = Field(32, description="rows and columns of the image; as in CIFAR-10")
    smoothness: float = Field(
        3.0, gt=0, description="blur of the random image, pixels; chosen in place of a photograph"
    )

    @model_validator(mode="after")
    def _kernel_fits(self) -> Self:
        if self.kernel // 2 > self.side:
            raise ValueError(f"kernel: {self.kernel} is too large for an image of side {self.side}")
        return self

    def _multiply_adds(self, kernels: int, layers: int) -> float:
        """Return those of so many layers, each of so many kernels, with every padding."""
        return float(kernels * self.side**2 * self.kernel**2 * layers * len(self.paddings))


class HaninConv(ConvolutionSection):
    shows = "squared length in convolutional networks against depth, by channels and padding"
    label = "length in convolutional networks"
    missing = {"log10_length": "dead", "map_contrast": "dead"}

    points: list[ConvolutionPoint] = Field(
        [
            ConvolutionPoint(channels=8, networks=200),
            ConvolutionPoint(channels=24, networks=100),
            ConvolutionPoint(channels=64, networks=60),
        ],
        min_length=1,
        description="few and many channels; chosen (paper: a tenth of the depth, 1,000 networks)",
    )
    layers: Counts = Field(
        [1, 2, 3, 5, *range(10, 51, 5)],
        description="layers written down; chosen, to 50 (paper: to 100)",
    )

    @field_validator("points")
    @classmethod
    def _each_once(cls, points: list[ConvolutionPoint]) -> list[ConvolutionPoint]:
        each_once([point.channels for point in points])
        return points

    def parts(self) -> Parts:
        shared = self.model_dump(exclude={"points"})
        return {
            f"channels{point.channels:04d}": {**point.model_dump(), **shared}
            for point in self.points
        }

    def work(self) -> float:
        """Return multiply–adds of the convolutions."""
        kernels = sum(point.networks * point.channels**2 for point in self.points)
        return self._multiply_adds(kernels, max(self.layers))


class HaninConvMaps(ConvolutionSection):
    shows = "output maps of one image in random convolutional networks"
    label = "output maps of convolutional networks"

    channels: Counts = Field([8, 64], description="C, few and many; chosen")
    layers: Counts = Field([1, 2, 5, 10, 20, 50], description="layers shown; chosen")

    def parts(self) -> Parts:
        return {"maps": self.model_dump()}

    def work(self) -> float:
        """Return multiply–adds of the convolutions."""
        kernels = sum(channels**2 for channels in self.channels)
        return self._multiply_adds(kernels, max(self.layers))


class Hanin2018(Section):
    title: ClassVar[str] = "Failure modes (Hanin & Rolnick 2018)"

    conv: HaninConv = HaninConv()
    conv_maps: HaninConvMaps = HaninConvMaps()
