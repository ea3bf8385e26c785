"""Settings of networks with normalisation before the ReLU."""

from study.points import Point, PointSettings, chosen
from study.settings import Replicates, Width


class Settings(PointSettings):
    shows = "m and v by layer with batch norm, layer norm and neither"
    label = "m and v with normalisation"
    job = "batch_norm"

    width: Width = chosen(1000, "N")
    batch: int = chosen(128, "T, inputs in the batch", ge=2)
    layers: int = chosen(51, "layers 0 … layers − 1", ge=2)
    networks: Replicates = chosen(20, "networks of each kind")

    def grid_points(self) -> list[Point]:
        return [{"kind": kind} for kind in ("plain", "batch norm", "layer norm")]

    def work(self) -> float:
        """Return multiply–adds of one kind of network."""
        return float(self.networks * self.layers * self.batch * self.width**2)
