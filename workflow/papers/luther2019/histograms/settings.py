"""Settings of the histograms of pre-activations."""

from pydantic import PositiveInt

from study.points import Point, PointSettings, chosen, published
from study.settings import Counts, Width


class Settings(PointSettings):
    shows = "histograms of pre-activations over inputs, networks and units"
    label = "pre-activation histograms"
    job = "histograms"
    # Its claims compare with the networks of many widths.
    reads = ("finite_width",)
    missing = dict.fromkeys(
        ("expected", "ks_exact", "ks_normal", "log_square", "log_square_error"), "no_law"
    ) | dict.fromkeys(("net_sd", "net_apart"), "no_net")
    chooses_points = ("drawn_networks",)

    width: Width = published(1024, "N")
    layers: Counts = published(
        [1, 5, 10, 50], "layers shown; the first pre-activation, y_1 = W_1 x_0, is taken as layer 1"
    )
    inputs: int = published(1024, "inputs of the rows over inputs", ge=3)
    networks: int = published(1024, "networks of the row over networks", ge=3)
    drawn_networks: PositiveInt = published(3, "networks with all weights drawn, one colour each")
    bins: PositiveInt = chosen(60, "of equal size, over the range")
    limit: float = published(3.0, "the range is −limit … limit", gt=0)

    def grid_points(self) -> list[Point]:
        drawn = [{"source": "drawn", "net": net} for net in range(self.drawn_networks)]
        return [
            *drawn,
            {"source": "one input", "net": 0},
            {"source": "pooled", "net": 0},
        ]

    def work(self) -> float:
        """Return multiply–adds of the networks that are drawn; the others take a fraction of them."""
        return float(self.drawn_networks * self.inputs * max(self.layers) * self.width**2)
