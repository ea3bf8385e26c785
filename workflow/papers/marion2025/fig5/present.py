"""Change of gradients against depth, the networks of Figure 4 (Marion et al. 2025, Figure 5)."""

from papers.marion2025 import depth_measures, smooth_measures
from papers.marion2025.fig4.present import draw, only
from study.presentation import Presentation

figure = Presentation(depth_measures, smooth_measures)
figure.draw(draw)
figure.summary(only)


@figure.summary
def column() -> str:
    """Which change is drawn and measured."""
    return "gradient"
