"""The correlation of a network's inputs in its last hidden layer, before training."""

import numpy as np
import pytest
import torch
from training_samples import stream

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.input_correlation import input_correlation


def layers(*widths: int, pixels: int = 20) -> list[torch.Tensor]:
    """Return the weights of one He network, from the input to ten logits."""
    network = FullyConnected(widths, WEIGHT_LAWS["he_normal"])
    return [layer[0] for layer in network.draw(stream("layers", *widths), pixels, 10)]


def test_it_is_the_mean_cosine_of_two_inputs_whatever_their_lengths():
    weights, images = layers(30, 25), stream("images").uniform(40, 20)
    hidden = np.maximum(images.numpy() @ weights[0].numpy().T, 0) @ weights[1].numpy().T
    units = hidden / np.linalg.norm(hidden, axis=1, keepdims=True)
    expected = (units @ units.T)[np.triu_indices(40, 1)].mean()
    assert input_correlation(weights, images) == pytest.approx(expected, rel=1e-5)
    longer = images * torch.linspace(1, 3, 40)[:, None]
    assert input_correlation(weights, longer) == pytest.approx(expected, rel=1e-5)


def test_one_input_repeated_has_collapsed_and_independent_ones_have_not():
    image = stream("image").uniform(1, 20)
    assert input_correlation(layers(30, 25), image.expand(50, -1)) == pytest.approx(1, abs=1e-6)
    apart = stream("apart").normal(2000, 20)
    assert abs(input_correlation(layers(30), apart)) < 0.02


def test_wide_networks_follow_the_map_of_the_infinite_one():
    """Mean of twenty networks, five layers of 400: within five standard errors and the finite width."""
    expected, found = correlation_by_layer(4)[-1], []
    for k in range(20):
        network = FullyConnected((400,) * 5, WEIGHT_LAWS["he_normal"])
        weights = [layer[0] for layer in network.draw(stream("wide", k), 400, 10)]
        found.append(input_correlation(weights, stream("white", k).normal(300, 400)))
    assert np.mean(found) == pytest.approx(expected, abs=5 * np.std(found) / 20**0.5 + 0.005)


def test_it_is_not_known_where_nothing_is_active_or_numbers_overflow():
    images = stream("images").uniform(40, 20)
    first, last = torch.full((5, 20), -1.0), torch.ones(10, 5)
    some = torch.cat([images, -images[:2]])
    assert input_correlation([first, torch.ones(5, 5), last], some) == pytest.approx(1)
    assert input_correlation([first, torch.ones(5, 5), last], images) is None
    assert input_correlation([first * -1e30, torch.full((5, 5), 1e30), last], images) is None
