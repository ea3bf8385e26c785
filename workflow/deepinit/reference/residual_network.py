"""The residual network of Marion et al. (2025) at initialisation ("res-3") as a torch module.

    h_0 = A x,   h_{k+1} = h_k + α V_{k+1} ReLU(W_{k+1} h_k),   output B h_L.

The recursion and the ratios are those of `deepinit.resnet.ratios`.
"""

import torch
from torch import nn

from deepinit.reference.modules import linear

_INPUTS = 64


class ResidualNetwork(nn.Module):
    """One network.

    Args:
        inner: W, shape (depth, d, d).
        outer: V, shape (depth, d, d).
        first: A, shape (d, inputs).
        last: B, shape (1, d).
        alpha: α.
    """

    def __init__(
        self,
        inner: torch.Tensor,
        outer: torch.Tensor,
        first: torch.Tensor,
        last: torch.Tensor,
        alpha: float,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.first, self.last = linear(first), linear(last)
        self.inner = nn.ModuleList(map(linear, inner))
        self.outer = nn.ModuleList(map(linear, outer))

    def hidden(self, h: torch.Tensor) -> torch.Tensor:
        """Return h_L from h_0, shape (inputs, d)."""
        for inner, outer in zip(self.inner, self.outer, strict=True):
            h = h + self.alpha * outer(torch.relu(inner(h)))
        return h

    def ratios(self, x: torch.Tensor) -> tuple[float, float, float, float]:
        """Return the ratios for one input, shape (1, inputs), by autograd.

        ‖h_L‖/‖h_0‖, ‖h_L − h_0‖/‖h_0‖ and the same of p_0 against p_L, p = ∂loss/∂h.
        """
        start = self.first(x)
        end = self.hidden(start)
        start.retain_grad()
        end.retain_grad()
        self.last(end).square().sum().backward()
        p, q, start, end = start.grad, end.grad, start.detach(), end.detach()
        outputs = end.norm() / start.norm(), (end - start).norm() / start.norm()
        gradients = p.norm() / q.norm(), (p - q).norm() / q.norm()
        return tuple(map(float, (*outputs, *gradients)))


def draw_matrix(law: str, *shape: int) -> torch.Tensor:
    """Return weights of variance 1/fan-in, "gaussian" or "uniform", from torch's own generator.

    Args:
        shape: the last number is the fan-in.
    """
    if law == "gaussian":
        return torch.randn(shape) / shape[-1] ** 0.5
    return (2 * torch.rand(shape) - 1) * (3 / shape[-1]) ** 0.5


def independent_network(depth: int, width: int, beta: float, law: str) -> ResidualNetwork:
    """Return a network with iid weights from torch's own generator, layer by layer."""
    inner, outer = (
        torch.stack([draw_matrix(law, width, width) for _ in range(depth)]) for _ in range(2)
    )
    first, last = draw_matrix(law, width, _INPUTS), draw_matrix(law, 1, width)
    return ResidualNetwork(inner, outer, first, last, depth**-beta)
