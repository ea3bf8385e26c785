"""`nn.Linear` layers with given weights."""

import torch
from torch import nn


def linear(weight: torch.Tensor, biased: bool = False) -> nn.Linear:
    """Return a layer with the given weights, shape (out, in), and a bias of zero if `biased`."""
    layer = nn.Linear(*reversed(weight.shape), bias=biased, dtype=weight.dtype)
    layer.weight.data.copy_(weight)
    if biased:
        layer.bias.data.zero_()
    return layer
