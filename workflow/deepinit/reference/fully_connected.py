"""What fully connected ReLU networks do at initialisation, one network at a time."""

import torch
from torch import nn

from deepinit.reference.modules import linear


def squared_lengths(widths: list[int], inputs: int) -> list[float]:
    """Return M_j = ‖a_j‖²/n_j of a network with He's Gaussian weights, M_0 = 1 (Hanin & Rolnick 2018).

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


def sample_statistics(width: int, layers: int, samples: int) -> tuple[list[float], list[float]]:
    """Return (m², v²) of every layer of one network (Luther & Seung 2019).

    As in `deepinit.meanfield.sample_variance`; W_ij ~ N(0, 2/N) and inputs x ~ N(0, I)/√2 come from torch's
    own generator.
    """
    squared_means, variances = [], []
    x = torch.randn(samples, width) / 2**0.5
    with torch.no_grad():
        for _ in range(layers):
            y = linear(torch.randn(width, width) * (2 / width) ** 0.5)(x)
            variance = float(y.var(dim=0).mean())
            variances.append(variance)
            squared_means.append(float(y.mean(dim=0).square().mean()) - variance / samples)
            x = torch.relu(y)
    return squared_means, variances
