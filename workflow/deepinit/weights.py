"""Drawing initial weights from the laws of `deepinit.initialisers`."""

from math import sqrt

import torch

from deepinit.initialisers import DRAWN_VARIANCE, INSIDE_TRUNCATION, WeightLaw
from deepinit.random import RandomStream


def _truncated(stream: RandomStream, networks: int, fan_out: int, fan_in: int) -> torch.Tensor:
    """Return standard normal numbers conditioned on [−2, 2], by the inverse of their law."""
    numbers = stream.symmetric_uniform(networks, fan_out, fan_in)
    return numbers.mul_(INSIDE_TRUNCATION).erfinv_().mul_(sqrt(2))


def _orthogonal(stream: RandomStream, networks: int, fan_out: int, fan_in: int) -> torch.Tensor:
    """Return Haar-distributed matrices with orthonormal rows or columns, whichever are fewer.

    The Q of a normal matrix is Haar-distributed once R has a positive diagonal (Mezzadri 2007).
    """
    tall = stream.normal(networks, max(fan_out, fan_in), min(fan_out, fan_in))
    q, r = torch.linalg.qr(tall)
    diagonal = r.diagonal(dim1=-2, dim2=-1)
    q *= torch.where(diagonal < 0, -1.0, 1.0).unsqueeze(-2)
    return q if fan_out >= fan_in else q.transpose(-2, -1).contiguous()


_DRAW = {
    "normal": lambda stream, *shape: stream.normal(*shape),
    "truncated normal": _truncated,
    "uniform": lambda stream, *shape: stream.symmetric_uniform(*shape),
    "orthogonal": _orthogonal,
}


def draw_weights(
    law: WeightLaw, stream: RandomStream, networks: int, fan_out: int, fan_in: int
) -> torch.Tensor:
    """Return the weights of one layer of each network, float32, on the stream's device.

    Returns:
        Tensor of shape (networks, fan_out, fan_in): `weights[k] @ activations`.
    """
    weights = _DRAW[law.shape](stream, networks, fan_out, fan_in)
    drawn = DRAWN_VARIANCE.get(law.shape, 1 / max(fan_out, fan_in))
    scale = sqrt(law.variance(fan_out, fan_in) / drawn)
    return weights if scale == 1 else weights.mul_(scale)
