"""Sample mean and variance by layer of one finite ReLU network (Luther & Seung 2019)."""

import torch

from deepinit.reference.modules import linear


def sample_statistics(width: int, layers: int, samples: int) -> tuple[list[float], list[float]]:
    """Return (m², v²) of every layer of one network, as `deepinit.meanfield.sample_variance` has them.

    W_ij ~ N(0, 2/N), inputs x ~ N(0, I)/√2, all from torch's own generator.
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
