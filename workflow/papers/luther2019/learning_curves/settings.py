"""Settings of the learning curves."""

from typing import Literal, Self

from pydantic import Field, PositiveInt, model_validator

from papers.luther2019.learning_curves.architectures import (
    AllCnnCurves,
    CurveSetting,
    PlainCurves,
    UNetCurves,
)
from study.points import chosen
from study.settings import EachOnce, FigureSection, Parts

ArchitectureName = Literal["all_cnn_c", "unet", "plain"]


class Settings(FigureSection):
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
        description="total init: He's weights, or (pooled) one scalar per layer from the first batch; "
        "published: either",
    )
    points: PositiveInt = chosen(50, "points of a curve, each a mean over iterations")
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
        """Return a job for every architecture and rate: all arms, which share their batches."""
        shared = {
            **self.model_dump(include={"momentum", "total_scale"}),
            "points_of_curve": self.points,
            "missing": self.missing,
        }
        return {
            f"{name}_rate{_in_a_name(rate)}": {
                "points": [{"architecture": name, "rate": rate}],
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
