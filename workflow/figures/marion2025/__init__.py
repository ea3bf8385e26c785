"""Figures of Marion et al. (2025): scaling of residual networks."""

from figures.marion2025.depth import fig1
from figures.marion2025.histograms import fig2
from figures.marion2025.maps import fig7

FIGURES = {"fig1": fig1, "fig2": fig2, "fig7": fig7}
