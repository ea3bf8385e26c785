"""Settings of networks with other activations."""

from typing import Annotated

from pydantic import Field

from study.points import Point, PointSettings, chosen
from study.settings import EachOnce, Replicates, Width

Fraction = Annotated[float, Field(ge=0, le=1)]


class Settings(PointSettings):
    shows = "v by layer for leaky and centred ReLU, tanh, erf and GELU"
    label = "sample variance of other activations"
    job = "activations"
    chooses_points = ("slopes", "starts")

    slopes: EachOnce[Fraction] = chosen(
        [0.0, 0.1, 0.3, 0.5, 1.0], "slopes of leaky ReLU; 0 is ReLU, 1 linear"
    )
    starts: EachOnce[Fraction] = chosen(
        [0.0, 0.5], "correlations c_0 of the inputs of tanh, erf and GELU, which keep 0 if odd"
    )
    width: Width = chosen(1000, "N")
    samples: int = chosen(64, "T, inputs per network", ge=2)
    layers: int = chosen(51, "layers 0 … layers − 1", ge=2)
    networks: Replicates = chosen(32, "networks per curve")

    def grid_points(self) -> list[Point]:
        leaky = [("leaky_relu", slope, 0.0) for slope in self.slopes]
        smooth = [(name, 0.0, start) for name in ("tanh", "erf", "gelu") for start in self.starts]
        centred = [("centred_relu", 0.0, 0.0)]
        return [
            {"activation": name, "slope": slope, "start": start}
            for name, slope, start in leaky + smooth + centred
        ]

    def work(self) -> float:
        """Return multiply–adds."""
        curves = len(self.grid_points())
        return float(curves * self.networks * self.layers * self.samples * self.width**2)
