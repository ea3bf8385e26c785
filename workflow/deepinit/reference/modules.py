"""Networks as torch modules with given weights, and a step of their training by autograd."""

from collections.abc import Sequence

import torch
from torch import nn


def linear(weight: torch.Tensor, biased: bool = False) -> nn.Linear:
    """Return a layer with the given weights, shape (out, in), and a bias of zero if `biased`."""
    layer = nn.Linear(*reversed(weight.shape), bias=biased, dtype=weight.dtype)
    layer.weight.data.copy_(weight)
    if biased:
        layer.bias.data.zero_()
    return layer


def fully_connected(layers: Sequence[torch.Tensor], biased: bool = False) -> nn.Sequential:
    """Return a network with the given weights (fan_out, fan_in), from the input to the logits.

    Biases of zero in every layer if `biased`.
    """
    modules: list[nn.Module] = []
    for weight in layers:
        modules += [linear(weight, biased), nn.ReLU()]
    return nn.Sequential(*modules[:-1])


class ScaledModules(nn.Module):
    """The residual network with scaled modules of Hanin & Rolnick (2018), Figure 2.

    Args:
        layers: its weights, in the order of `deepinit.training.scaled_modules`.
        scales: η of every module.
        ending: "relu" or "linear", what a module ends in.
    """

    def __init__(
        self, layers: Sequence[torch.Tensor], scales: Sequence[float], ending: str
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(map(linear, layers))
        self.scales, self.ending = scales, ending

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the logits, (images, classes)."""
        x = self.layers[0](images)
        for module, eta in enumerate(self.scales):
            y = self.layers[2 + 2 * module](torch.relu(self.layers[1 + 2 * module](x)))
            x = x + eta * (torch.relu(y) if self.ending == "relu" else y)
        return self.layers[-1](x)


class TrainedResidual(nn.Module):
    """The scaled residual network of Marion et al. (2025), Figures 8 and 9 ("res-1").

    h_0 = A x, h_{k+1} = h_k + α (V_{k+1} ReLU(h_k) + b_{k+1}), logits B h_L.

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


def optimiser_step(
    module: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    optimiser: torch.optim.Optimizer,
) -> None:
    """Make one step of the soft-max cross-entropy, averaged over the images."""
    optimiser.zero_grad()
    nn.functional.cross_entropy(module(images), labels).backward()
    optimiser.step()
