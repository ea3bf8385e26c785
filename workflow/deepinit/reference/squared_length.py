"""Squared activation length of one fully connected ReLU network (Hanin & Rolnick 2018)."""

import torch
from torch import nn

from deepinit.reference.modules import linear


def squared_lengths(widths: list[int], inputs: int) -> list[float]:
    """Return M_j = ‖a_j‖²/n_j of a network with He's Gaussian weights, M_0 = 1.

    Weights and the input, a Gaussian direction, come from torch's own generator. In very deep
    networks M_j may leave the range of float32.
    """
    fans = [inputs, *widths]
    layers = nn.ModuleList(
        linear(torch.randn(above, below) * (2 / below) ** 0.5)
        for below, above in zip(fans, widths, strict=False)
    )
    activation = torch.randn(inputs)
    activation *= inputs**0.5 / activation.norm()
    lengths = []
    with torch.no_grad():
        for layer in layers:
            activation = torch.relu(layer(activation))
            lengths.append(float(activation.square().mean()))
    return lengths
