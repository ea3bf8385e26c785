"""The scaled residual network of Marion et al. (2025) as an ordinary torch module."""

import torch
from torch import nn


class ResidualModule(nn.Module):
    """h_0 = A x, h_{k+1} = h_k + α (V_{k+1} ReLU(h_k) + b_{k+1}), logits B h_L.

    Args:
        hidden: V, shape (depth, d, d).
        first: A, shape (d, pixels).
        last: B, shape (classes, d).
        alpha: α.
        biased: whether b is there, initially zero, and trained.
    """

    def __init__(
        self,
        hidden: torch.Tensor,
        first: torch.Tensor,
        last: torch.Tensor,
        alpha: float,
        biased: bool,
    ) -> None:
        super().__init__()
        self.alpha = alpha

        def linear(weight: torch.Tensor, bias: bool) -> nn.Linear:
            layer = nn.Linear(*reversed(weight.shape), bias=bias, dtype=weight.dtype)
            layer.weight.data.copy_(weight)
            if bias:
                layer.bias.data.zero_()
            return layer

        self.first, self.last = linear(first, False), linear(last, False)
        self.layers = nn.ModuleList(linear(weight, biased) for weight in hidden)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the logits, shape (images, classes)."""
        h = self.first(images)
        for layer in self.layers:
            h = h + self.alpha * layer(torch.relu(h))
        return self.last(h)


def train(module: ResidualModule, batches: list[tuple], rates: list[float]) -> None:
    """Make one step of torch's Adam a batch of (images, labels), each at its own rate."""
    optimiser = torch.optim.Adam(module.parameters(), lr=rates[0])
    for (images, labels), rate in zip(batches, rates, strict=True):
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        nn.functional.cross_entropy(module(images), labels).backward()
        optimiser.step()
