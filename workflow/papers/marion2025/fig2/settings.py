"""Settings of Figure 2: histograms of both ratios, iid weights."""

from papers.marion2025.histogram_settings import RatioHistograms
from study.points import Point, chosen
from study.settings import Replicates


class Settings(RatioHistograms):
    shows = "histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖, iid weights"
    label = "histograms of both ratios"
    missing = {"log10_gradient_norm": "no_gradient", "log10_gradient_change": "no_gradient"}
    chooses_points = (*RatioHistograms.chooses_points, "output_networks", "delta")

    output_networks: Replicates = chosen(
        100_000, "Gaussian weights, outputs alone: for quartiles and tails; published: 10,000"
    )
    delta: float = chosen(
        0.5, "δ of the bounds drawn, such that they are the published ones", gt=0, lt=1
    )

    def grid_points(self) -> list[Point]:
        outputs = {"sampler": "lengths", "depth": self.depth, "block": 0}
        return [*super().grid_points(), {**outputs, "networks": self.output_networks}]
