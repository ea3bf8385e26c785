"""Residual networks of one number of modules, trained to 20 % test accuracy or the cap."""

from deepinit.training.scaled_modules import ScaledModuleNetwork
from papers.hanin2018.scales import scales_of
from papers.hanin2018.training import figure_of_starts


def _network(s, streams, ending, base, modules):
    scales = tuple(scales_of(base, modules).tolist())
    return ScaledModuleNetwork(scales, s.width, s.hidden, ending)


figure = figure_of_starts(
    _network, address=lambda s, point: {**point, "width": s.width, "hidden": s.hidden}
)
