"""Settings of Figure 2: histograms of both ratios, iid weights."""

from papers.marion2025.histogram_settings import RatioHistograms
from study.points import chosen


class Settings(RatioHistograms):
    shows = "histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖, iid weights"
    label = "histograms of both ratios"
    chooses_points = (*RatioHistograms.chooses_points, "delta")

    delta: float = chosen(
        0.5, "δ of the bounds drawn, such that they are the published ones", gt=0, lt=1
    )
