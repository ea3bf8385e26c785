"""Figures of Hanin & Rolnick (2018): the two failure modes."""

from figures.hanin2018.lengths import fig1a
from figures.hanin2018.training import fig1b

FIGURES = {"fig1a": fig1a, "fig1b": fig1b}
