"""Networks of one depth with all initialisations, trained to 20 % test accuracy or the cap."""

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.training.fully_connected import FullyConnected
from papers.hanin2018.training import figure_of_starts


def _network(s, streams, law, depth):
    return FullyConnected((depth,) * depth, WEIGHT_LAWS[law])


figure = figure_of_starts(_network)
