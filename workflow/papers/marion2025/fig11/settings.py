"""Settings of Figure 11: histograms of both ratios, the weight inside ReLU."""

from pydantic import PositiveInt

from papers.marion2025.histogram_settings import RatioHistograms
from study.points import chosen
from study.settings import Replicates


class Settings(RatioHistograms):
    shows = "fig2 for h + α ReLU(W h): as captioned, and res-3 from the table of fig2"
    label = "weight inside: histograms of both ratios"
    reads = ("fig2",)

    networks: Replicates = chosen(2000, "Gaussian weights, reduced sampler; paper: 10,000")
    block: PositiveInt = chosen(2000, "networks of the reduced sampler in one job")
    explicit_networks: Replicates = chosen(60, "uniform weights, all drawn")
    explicit_block: PositiveInt = chosen(60, "networks with drawn weights in one job")
