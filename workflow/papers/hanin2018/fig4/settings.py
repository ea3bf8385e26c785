"""Settings of Figure 4: squared length in convolutional networks, by initialisation."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt

from papers.hanin2018.published import LAYERS_PER_CHANNEL, PAPER_LAWS
from papers.hanin2018.settings import OddKernel
from study.blocks import blocks
from study.points import Point, PointSettings, chosen, published
from study.settings import EachOnce, LawName, Replicates


def _independent(law: LawName) -> LawName:
    if law == "orthogonal":
        raise ValueError("kernels have independent weights here, not orthogonal ones")
    return law


class Settings(PointSettings):
    shows = "mean squared length in convolutional networks against depth, by initialisation"
    label = "length in convolutional networks by initialisation"
    missing = {"log10_length": "dead"}
    chooses_points = ("depths", "networks", "noise_networks")

    data: Literal["stand_in", "cifar10"] = Field(
        "stand_in",
        description="the image: a seeded random one with a few of the paper's image's statistics, or "
        "that image itself, from CIFAR-10, which is downloaded; published: cifar10",
    )
    depths: EachOnce[Annotated[int, Field(gt=0, multiple_of=LAYERS_PER_CHANNEL)]] = published(
        list(range(10, 101, 10)), "layers d; each has d/10 channels"
    )
    laws: EachOnce[Annotated[LawName, AfterValidator(_independent)]] = published(
        PAPER_LAWS, "initialisations"
    )
    kernel: OddKernel = published(3, "side k of the kernels, odd")
    networks: Replicates = published(1000, "networks per point")
    noise_networks: Replicates = chosen(
        250, "of these, how many with He normal see an image of white noise as well"
    )
    block: PositiveInt = chosen(
        50, "networks computed at once; a different value changes the random numbers"
    )

    def grid_points(self) -> list[Point]:
        counts = {"picture": self.networks, "noise": self.noise_networks}
        return [
            {"depth": depth, "image": image, "block": block, "networks": count}
            for depth in self.depths
            for image, networks in counts.items()
            for block, count in blocks(networks, self.block)
        ]

    def job_of(self, point: Point) -> str:
        return f"depth{point['depth']:04d}"

    def unused(self, point: Point) -> set[str]:
        # A part whose specification names a data set would get it.
        return {"data"} if self.data == "stand_in" else set()

    def work(self) -> float:
        """Return numbers in the maps of all layers and networks, which the time follows."""
        per_network = sum(depth**2 for depth in self.depths)
        return float(per_network * (3 * self.networks + self.noise_networks))
