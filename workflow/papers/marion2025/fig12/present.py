"""Change of gradients against depth, the networks of Figure 10 (Marion et al. 2025, Figure 12)."""

from papers.marion2025 import depth_measures
from papers.marion2025.fig10.present import draw, only
from study.presentation import Presentation

figure = Presentation(depth_measures)
figure.draw(draw)
figure.summary(only)


@figure.summary
def column() -> str:
    """Which change is drawn and measured."""
    return "gradient"
