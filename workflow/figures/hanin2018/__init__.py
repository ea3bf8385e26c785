"""Figures of Hanin & Rolnick (2018): the two failure modes."""

from figures.hanin2018.convolution import conv, conv_maps

FIGURES = {
    "conv": conv,
    "conv_maps": conv_maps,
}
