"""Settings of Figure 3a: when training starts, by width pattern."""

from pydantic import Field

from papers.hanin2018.settings import ALL_PATTERNS, CLASSES, PIXELS, Patterns, TrainingSettings
from study.points import Point, chosen
from study.settings import Counts, Replicates


class Settings(TrainingSettings):
    shows = "epochs to a given MNIST test accuracy against depth, by width pattern"
    label = "epochs by architecture, against depth"
    chooses_points = ("patterns", "depths")

    patterns: Patterns = Field(
        [name for name in ALL_PATTERNS if name != "depth"],
        description="hidden widths over depth; the first five published, the others added",
    )
    depths: Counts = Field(
        [4, 8, 12, 16, 20, 24],
        description="d; chosen, even: patterns of one mean width then share β (paper: not known)",
    )
    runs: Replicates = chosen(10, "training runs a point (paper: 100)")

    def grid_points(self) -> list[Point]:
        return [
            {"pattern": pattern, "depth": depth}
            for pattern in self.patterns
            for depth in self.depths
        ]

    def job_of(self, point: Point) -> str:
        return point["pattern"]

    def work(self) -> float:
        """Return multiply–adds if every network trained to the cap: most need a part of that.

        Every layer counts as 20 wide, the mean width of most patterns.
        """
        width = 20
        weights = sum((PIXELS + CLASSES) * width + depth * width**2 for depth in self.depths)
        networks = len(self.patterns) * self.runs
        return networks * self.max_epochs * self.epoch_work(weights)
