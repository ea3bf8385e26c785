"""Settings of Figure 3a: when training starts, by width pattern."""

from pydantic import Field

from deepinit.widths import ADDED_PATTERNS
from papers.hanin2018.runs import key_of_runs
from papers.hanin2018.settings import (
    ALL_PATTERNS,
    CLASSES,
    PIXELS,
    BiasSettings,
    Patterns,
)
from study.points import Point, chosen
from study.settings import Counts, Replicates


class Settings(BiasSettings):
    shows = "epochs to a given MNIST test accuracy against depth, by width pattern"
    label = "epochs by architecture, against depth"
    chooses_points = ("biases", "patterns", "depths")

    patterns: Patterns = Field(
        [name for name in ALL_PATTERNS if name != "depth"],
        description="hidden widths over depth; the first five published, the others added",
    )
    depths: Counts = Field(
        [4, 8, 12, 16, 20, 24],
        description="d; chosen, even: patterns of one mean width then share β (paper: not known)",
    )
    runs: Replicates = chosen(
        40, "training runs per point, published patterns, biases trained (paper: 100)"
    )

    def grid_points(self) -> list[Point]:
        return [
            {"pattern": pattern, "depth": depth, "biases": biases}
            for biases in self.biases
            for pattern in self.patterns
            if biases == "trained" or pattern not in ADDED_PATTERNS
            for depth in self.depths
        ]

    def job_of(self, point: Point) -> str:
        return point["pattern"] + ("" if point["biases"] == "trained" else "_none")

    def work(self) -> float:
        """Return multiply–adds, every network being taken to start within a tenth of the cap.

        Every layer counts as 20 wide, the mean width of most patterns.
        """
        width, weights = 20, 0.0
        for point in self.grid_points():
            runs = getattr(self, key_of_runs(point))
            weights += runs * ((PIXELS + CLASSES) * width + point["depth"] * width**2)
        return self.max_epochs / 10 * self.epoch_work(weights)
