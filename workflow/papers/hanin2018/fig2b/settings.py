"""Settings of Figure 2b: when training of residual networks starts, by scale."""

from pydantic import PositiveInt

from papers.hanin2018.scales import RECIPROCAL
from papers.hanin2018.settings import CLASSES, PIXELS, ScaledModules, TrainingSettings
from study.points import Point, chosen, published
from study.settings import Counts, Replicates


class Settings(ScaledModules, TrainingSettings):
    shows = "epochs to a given MNIST test accuracy against the number of modules, by scale"
    label = "epochs of residual networks"
    reads = ("fig2a",)
    chooses_points = ("modules", "endings", "bases", "reciprocal")

    modules: Counts = chosen([1, 5, 10, 15, 20, 30, 60, 100], "L, residual modules")
    hidden: PositiveInt = published(5, "width of a module's hidden layer")
    width: PositiveInt = chosen(5, "n, width of the stream x, as in fig2a")
    runs: Replicates = chosen(20, "training runs per point (paper: 100)")
    checks_per_epoch: PositiveInt = chosen(
        10, "measurements of the test accuracy per epoch (paper: 1)"
    )

    def grid_points(self) -> list[Point]:
        powers = [{**kind, "modules": modules} for modules in self.modules for kind in self.kinds()]
        return powers + [
            {"ending": "relu", "base": RECIPROCAL, "modules": modules}
            for modules in self.reciprocal
        ]

    def job_of(self, point: Point) -> str:
        return "reciprocal" if point["base"] == RECIPROCAL else f"modules{point['modules']:04d}"

    def work(self) -> float:
        """Return multiply–adds of one epoch of every network: most start, or diverge, in the first.

        The small products of a module cost about four times their multiply–adds (measured).
        """
        module = 4 * 2 * self.width * self.hidden
        weights = sum(
            (PIXELS + CLASSES) * self.width + point["modules"] * module
            for point in self.grid_points()
        )
        return self.runs * self.epoch_work(weights, self.checks_per_epoch)
