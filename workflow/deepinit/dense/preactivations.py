"""Pre-activations of He-initialised ReLU networks, whole layers at a time (Luther & Seung 2019).

y_l = W_l x_{l−1}, x_l = ReLU(y_l), W_ij ~ N(0, 2/N), x_0 the input; layer 1 is the first
pre-activation. Two samplers: networks with all weights drawn and many inputs, and networks with one
input, whose layers are drawn from their exact law without weights: given the layer below the units
are independent N(0, (2/N)‖x_{l−1}‖²), O(N) numbers a layer. The theory is in
`deepinit.dense.preactivation_law`.
"""

from collections.abc import Collection

import torch

from deepinit.meanfield.sample_variance import next_preactivations
from deepinit.random import as_stream
from deepinit.seeds import Randomness


def many_inputs(
    width: int, layers: Collection[int], inputs: torch.Tensor, seed: Randomness
) -> dict[int, torch.Tensor]:
    """Return l ↦ y_l, shape (units, samples), of one network with all weights drawn.

    Args:
        layers: which layers to return, counted from 1.
        inputs: x_0, shape (units, samples).
    """
    stream, found = as_stream(seed), {}
    x = inputs.unsqueeze(0)
    for layer in range(1, max(layers) + 1):
        y = next_preactivations(x, 2 / width, stream, reduced=False)
        if layer in layers:
            found[layer] = y.squeeze(0).clone()
        x = y.relu_()
    return found


def one_input(
    width: int, layers: Collection[int], first_variance: torch.Tensor, seed: Randomness
) -> dict[int, torch.Tensor]:
    """Return l ↦ y_l, shape (networks, units), of networks with one input each.

    Args:
        layers: which layers to return, counted from 1.
        first_variance: (2/N)‖x_0‖², shape (networks,).
    """
    stream, found = as_stream(seed), {}
    variance = first_variance.unsqueeze(1)
    for layer in range(1, max(layers) + 1):
        y = stream.normal(len(first_variance), width).mul_(variance.sqrt())
        if layer in layers:
            found[layer] = y
        variance = (2 / width) * y.relu().square().sum(dim=1, keepdim=True)
    return found
