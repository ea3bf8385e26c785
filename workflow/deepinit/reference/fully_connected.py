"""A fully connected ReLU network as a torch module."""

from collections.abc import Sequence

import torch
from torch import nn

from deepinit.reference.linear import linear


def fully_connected(layers: Sequence[torch.Tensor], biased: bool = False) -> nn.Sequential:
    """Return a network with the given weights (fan_out, fan_in), from the input to the logits.

    Biases of zero in every layer if `biased`.
    """
    modules: list[nn.Module] = []
    for weight in layers:
        modules += [linear(weight, biased), nn.ReLU()]
    return nn.Sequential(*modules[:-1])
