"""Configuration of the figures of Hanin & Rolnick (2018)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, PositiveInt, field_validator, model_validator

from pipeline.config.hanin2018_architectures import (
    ALL_PATTERNS,
    Bases,
    Endings,
    Patterns,
)
from study.settings import (
    Counts,
    EachOnce,
    FigureSection,
    Parts,
    Replicates,
    Section,
    Width,
    each_once,
)

# The empirical variance needs two layers.
Depths = EachOnce[Annotated[int, Field(ge=2)]]


def _odd(kernel: int) -> int:
    if kernel % 2 == 0:
        raise ValueError(f"a kernel needs an odd side, such as 3 or 5, not {kernel}")
    return kernel


OddKernel = Annotated[PositiveInt, AfterValidator(_odd)]
Paddings = EachOnce[Literal["circular", "zero"]]


class HaninEmpiricalVariance(FigureSection):
    shows = "FM2: empirical variance of the lengths over layers, by architecture"
    label = "empirical variance over layers"
    missing = {"log10_variance": "flat", "exact_log10_mean": "exact_unknown"}

    patterns: Patterns = Field(
        ALL_PATTERNS,
        description="hidden widths over depth; the first five published, the others added",
    )
    depths: Depths = Field([5, 10, 20, 40, 60, 80, 100], description="d, 2 or more; chosen")
    networks: Replicates = Field(2000, description="networks a point; chosen")
    tilted: Replicates = Field(1000, description="weighted networks a point for the mean; chosen")
    residual_width: Width = Field(
        15, description="width of stream and modules of the residual networks; chosen"
    )
    residual_bases: Bases = Field([0.9, 0.5], description="b of η_l = b^l; from fig2a")
    residual_endings: Endings = Field(
        ["relu", "linear"], description="kinds of residual module; from fig2a"
    )

    def parts(self) -> Parts:
        shared = {"depths": self.depths, "networks": self.networks}
        return {
            "fully_connected": {
                "family": "fully_connected",
                "patterns": self.patterns,
                "tilted": self.tilted,
                **shared,
            },
            "residual": {
                "family": "residual",
                "endings": self.residual_endings,
                "bases": self.residual_bases,
                "residual_width": self.residual_width,
                **shared,
            },
        }

    def work(self) -> float:
        """Return layers of all networks, each of which costs one random number or a few."""
        plain = len(self.patterns) * (self.networks + self.tilted) * sum(self.depths)
        kinds = len(self.residual_endings) * len(self.residual_bases)
        return float(plain + kinds * self.networks * max(self.depths))


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
    empirical_variance: HaninEmpiricalVariance = HaninEmpiricalVariance()
