"""Change of gradients against depth, the networks of Figure 13 (Marion et al. 2025, Figure 14)."""

from papers.marion2025 import depth_measures, smooth_measures
from papers.marion2025.fig13.present import draw
from study.presentation import Presentation

figure = Presentation(depth_measures, smooth_measures)
figure.draw(draw)


@figure.summary
def column() -> str:
    """Which change is drawn and measured."""
    return "gradient"
