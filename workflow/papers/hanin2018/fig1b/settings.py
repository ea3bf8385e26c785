"""Settings of Figure 1b: when training starts, by initialisation."""

from typing import ClassVar

from pydantic import Field, PositiveInt

from deepinit.initialisers import WEIGHT_LAWS
from papers.hanin2018.published import PAPER_LAWS
from papers.hanin2018.runs import key_of_runs
from papers.hanin2018.settings import CLASSES, PIXELS, BiasSettings, TrainingSettings
from study.points import Point, chosen
from study.settings import Counts, Laws, Replicates


def keeps_length(law: str) -> bool:
    """Return whether an initialisation keeps the mean squared length from layer to layer."""
    return WEIGHT_LAWS[law].length_gain == 1


class Settings(BiasSettings):
    shows = "epochs to a given MNIST test accuracy against depth, by initialisation"
    label = "epochs to a given test accuracy"
    chooses_points = ("biases", "depths", "laws", "laws_without_biases", "failing_to")
    missing: ClassVar[dict[str, str]] = {
        **TrainingSettings.missing,
        "input_correlation": "no_input_correlation",
    }

    depths: Counts = chosen([10, 20, 30, 50, 70, 100], "depth = width (paper: 10, 20, …, 100)")
    laws: Laws = Field(
        PAPER_LAWS,
        description="initialisations, biases trained; published in Figure 4",
    )
    laws_without_biases: Laws = chosen(["he_normal"], "initialisations trained without biases too")
    failing_to: PositiveInt = chosen(
        30, "greatest depth of initialisations that do not keep the length (paper: 100)"
    )
    runs: Replicates = chosen(12, "training runs per point, biases trained (paper: 5)")
    max_epochs: PositiveInt = chosen(
        30, "the cap: runs not started by then count as it (paper: 100)"
    )

    def grid_points(self) -> list[Point]:
        laws = {"trained": self.laws, "none": self.laws_without_biases}
        return [
            {"law": law, "depth": depth, "biases": biases}
            for biases in self.biases
            for depth in self.depths
            for law in laws[biases]
            if depth <= self.failing_to or keeps_length(law)
        ]

    def job_of(self, point: Point) -> str:
        """Return the job: those that do not keep the length have their own, since most train to the cap."""
        without = "" if point["biases"] == "trained" else "_none"
        failing = "" if keeps_length(point["law"]) else "_failing"
        return f"depth{point['depth']:04d}{without}{failing}"

    def work(self) -> float:
        """Return multiply–adds, every network being taken to train for a third of the cap.

        Those that keep the length start in less, all others meet the cap.
        """
        weights = 0.0
        for point in self.grid_points():
            depth = point["depth"]
            runs = getattr(self, key_of_runs(point))
            weights += runs * (PIXELS * depth + (depth - 1) * depth**2 + CLASSES * depth)
        return self.max_epochs / 3 * self.epoch_work(weights)
