"""Settings of gradients at initialisation."""

from study.points import Point, PointSettings, chosen
from study.settings import Replicates, Width


class Settings(PointSettings):
    shows = "size and sample mean of gradients by layer: plain, sample-initialised, batch norm"
    label = "gradients by layer"
    job = "gradients"

    width: Width = chosen(512, "N")
    batch: int = chosen(128, "T, inputs in the batch", ge=4)
    depth: int = chosen(50, "L, layers with a ReLU", ge=2)
    networks: Replicates = chosen(24, "networks of each kind")

    def grid_points(self) -> list[Point]:
        return [{"kind": kind} for kind in ("plain", "sample init", "batch norm")]

    def work(self) -> float:
        """Return multiply–adds of one pass through one kind of network."""
        return float(self.networks * self.depth * self.batch * self.width**2)
