"""The scaled residual network of Marion et al. (2025), Figures 8 and 9 ("res-1"), as a torch module."""

import torch
from torch import nn

from deepinit.reference.linear import linear


class TrainedResidual(nn.Module):
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
        self.first, self.last = linear(first), linear(last)
        self.layers = nn.ModuleList(linear(weight, biased) for weight in hidden)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the logits, shape (images, classes)."""
        h = self.first(images)
        for layer in self.layers:
            h = h + self.alpha * layer(torch.relu(h))
        return self.last(h)
