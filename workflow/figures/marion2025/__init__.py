"""Figures of Marion et al. (2025): scaling of residual networks."""

from figures.marion2025.depth import fig1, fig3
from figures.marion2025.histograms import fig2
from figures.marion2025.inside import fig10, fig11, fig12, fig13, fig14
from figures.marion2025.smooth import fig4, fig5

FIGURES = {
    "fig1": fig1,
    "fig2": fig2,
    "fig3": fig3,
    "fig4": fig4,
    "fig5": fig5,
    "fig10": fig10,
    "fig11": fig11,
    "fig12": fig12,
    "fig13": fig13,
    "fig14": fig14,
}
