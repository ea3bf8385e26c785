"""Networks of one width pattern at all depths, trained to 20 % test accuracy or the cap."""

import numpy as np

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.training.fully_connected import FullyConnected
from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.training import figure_of_starts


def _network(s, streams, pattern, depth, biases):
    # The random widths of a deep network begin with those of a shallow one.
    generator = streams({"pattern": pattern}, "widths").numpy
    widths = WIDTH_PATTERNS[pattern].widths(depth, generator)
    return FullyConnected(tuple(widths), WEIGHT_LAWS["he_normal"], biases=biases == "trained")


def _beta(network):
    return {"beta": float(np.sum(1 / np.array(network.widths)))}


figure = figure_of_starts(_network, columns=_beta)
