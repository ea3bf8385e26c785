"""Settings of Figure 13: change of the output against depth, smooth weights inside the activation."""

from papers.marion2025.depth_settings import AgainstDepth
from study.points import Point, published
from study.settings import Betas


class Settings(AgainstDepth):
    shows = "fig4 for h + α ReLU(W h): as captioned, and res-3 from the table of fig4"
    label = "weight inside, smooth: change of the output"
    reads = ("fig4",)

    betas: Betas = published([2.0, 0.5, 1.0], "β")

    def places(self) -> list[Point]:
        return [{"activation": "relu", "beta": beta} for beta in self.betas]
