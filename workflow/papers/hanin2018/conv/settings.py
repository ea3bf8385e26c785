"""Settings of the squared length in convolutional networks."""

from pydantic import Field, PositiveInt, field_validator

from papers.hanin2018.settings import ConvolutionSettings
from study.points import chosen
from study.settings import Counts, Parts, Replicates, Section, each_once


class ConvolutionPoint(Section):
    channels: PositiveInt = Field(description="C, channels in every layer")
    networks: Replicates = Field(description="independent networks per padding")


class Settings(ConvolutionSettings):
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
        description="few and many channels; chosen (the paper's tenth of the depth: fig4)",
    )
    layers: Counts = chosen([1, 2, 3, 5, *range(10, 51, 5)], "layers written down, to 50")

    @field_validator("points")
    @classmethod
    def _each_once(cls, points: list[ConvolutionPoint]) -> list[ConvolutionPoint]:
        each_once([point.channels for point in points])
        return points

    def parts(self) -> Parts:
        """Return the jobs, one per number of channels: `points` is a key of the configuration here."""
        shared = self.model_dump(exclude={"points", "paddings"})
        return {
            f"channels{point.channels:04d}": {
                "points": [
                    {"channels": point.channels, "padding": padding} for padding in self.paddings
                ],
                "networks": point.networks,
                **shared,
                "missing": self.missing,
            }
            for point in self.points
        }

    def work(self) -> float:
        """Return multiply–adds of the convolutions."""
        kernels = sum(point.networks * point.channels**2 for point in self.points)
        return self.multiply_adds(kernels, max(self.layers))
