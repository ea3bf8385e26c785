"""Networks of one depth with all initialisations, trained to 20 % test accuracy or the cap."""

import torch

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.input_correlation import input_correlation
from papers.hanin2018.training import figure_of_starts

#: Test images whose correlation before training is measured, the first of the set.
IMAGES = 500


def _network(s, streams, law, depth, biases):
    return FullyConnected((depth,) * depth, WEIGHT_LAWS[law], biases=biases == "trained")


def _before_training(start, images):
    inputs = torch.from_numpy(images.test_images[:IMAGES]).to(start.init_stream.device)
    layers = start.network.draw(start.init_stream, inputs.shape[1], images.classes)
    weights = [layer[0] for layer in layers[: len(start.network.widths) + 1]]
    return {"input_correlation": input_correlation(weights, inputs)}


figure = figure_of_starts(_network, before=_before_training)
