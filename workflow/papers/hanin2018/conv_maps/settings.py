"""Settings of the output maps of convolutional networks."""

from papers.hanin2018.settings import ConvolutionSettings
from study.points import Point, PointSettings, chosen
from study.settings import Counts


class Settings(ConvolutionSettings, PointSettings):
    shows = "output maps of one image in random convolutional networks"
    label = "output maps of convolutional networks"
    job = "maps"
    # Many networks, for the verdict.
    reads = ("conv",)
    chooses_points = ("channels", "paddings")

    channels: Counts = chosen([8, 64], "C, few and many")
    layers: Counts = chosen([1, 2, 5, 10, 20, 50], "layers shown")

    def grid_points(self) -> list[Point]:
        return [
            {"channels": channels, "padding": padding}
            for channels in self.channels
            for padding in self.paddings
        ]

    def work(self) -> float:
        """Return multiply–adds of the convolutions."""
        kernels = sum(channels**2 for channels in self.channels)
        return self.multiply_adds(kernels, max(self.layers))
