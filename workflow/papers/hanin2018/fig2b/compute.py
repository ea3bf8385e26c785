"""Residual networks of one number of modules, trained to 20 % test accuracy or the cap."""

from deepinit.training.scaled_modules import ScaledModuleNetwork
from papers.hanin2018.scales import scales_of, without_powers
from papers.hanin2018.training import figure_of_starts


def _network(s, streams, ending, scaling, base, modules):
    scales = tuple(scales_of(scaling, base, modules).tolist())
    return ScaledModuleNetwork(scales, s.width, s.hidden, ending)


def _address(s, point):
    return {**without_powers(point), "width": s.width, "hidden": s.hidden}


figure = figure_of_starts(_network, address=_address)
