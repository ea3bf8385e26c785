"""Change of gradients against depth, the networks of Figure 1 (Marion et al. 2025, Figure 3)."""

from papers.marion2025 import depth_measures
from papers.marion2025.fig1.present import draw
from study.presentation import Presentation

figure = Presentation(depth_measures)
figure.draw(draw)


@figure.summary
def column() -> str:
    """Which change is drawn and measured."""
    return "gradient"
