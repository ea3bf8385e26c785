"""Figures of Marion et al. (2025): scaling of residual networks."""

from figures.marion2025.accuracy import fig9
from figures.marion2025.bounds import bounds
from figures.marion2025.limits import limits
from figures.marion2025.lognormal import lognormal
from figures.marion2025.paths import fig6
from figures.marion2025.trained_weights import fig8, fig15

FIGURES = {
    "fig6": fig6,
    "fig8": fig8,
    "fig9": fig9,
    "fig15": fig15,
    "limits": limits,
    "bounds": bounds,
    "lognormal": lognormal,
}
