"""Figures of Hanin & Rolnick (2018): the two failure modes."""

from figures.hanin2018.architectures import fig3a, fig3b
from figures.hanin2018.convolution import conv, conv_maps
from figures.hanin2018.residual import fig2a
from figures.hanin2018.residual_training import fig2b
from figures.hanin2018.training import fig1b
from figures.hanin2018.variance import empirical_variance

FIGURES = {
    "fig1b": fig1b,
    "fig2a": fig2a,
    "fig2b": fig2b,
    "fig3a": fig3a,
    "fig3b": fig3b,
    "conv": conv,
    "conv_maps": conv_maps,
    "empirical_variance": empirical_variance,
}
