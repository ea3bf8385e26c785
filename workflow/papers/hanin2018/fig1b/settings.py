"""Settings of Figure 1b: when training starts, by initialisation."""

from pydantic import Field

from papers.hanin2018.settings import CLASSES, PIXELS, TrainingSettings
from study.points import Point, published
from study.settings import ALL_LAWS, Counts, Laws, Replicates


class Settings(TrainingSettings):
    shows = "epochs to a given MNIST test accuracy against depth, by initialisation"
    label = "epochs to a given test accuracy"
    chooses_points = ("depths", "laws")

    depths: Counts = Field([5, 10, 20, 30], description="depth = width; chosen (paper: to 100)")
    laws: Laws = Field(
        ALL_LAWS,
        description="initialisations; published in Figure 4 (Xavier normal truncated there), three added",
    )
    runs: Replicates = published(5, "training runs a point")

    def grid_points(self) -> list[Point]:
        return [{"law": law, "depth": depth} for depth in self.depths for law in self.laws]

    def job_of(self, point: Point) -> str:
        return f"depth{point['depth']:04d}"

    def work(self) -> float:
        """Return multiply–adds if every network trained to the cap: those that start need fewer."""
        weights = sum(PIXELS * d + (d - 1) * d**2 + CLASSES * d for d in self.depths)
        return len(self.laws) * self.runs * self.max_epochs * self.epoch_work(weights)
