"""Training one torch module with autograd and torch's own optimisers."""

from collections.abc import Sequence

import torch
from torch import nn


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


def train_by_adam(
    module: nn.Module,
    batches: Sequence[tuple[torch.Tensor, torch.Tensor]],
    rates: Sequence[float],
) -> None:
    """Make one step of Adam a batch of (images, labels), each at its own rate."""
    optimiser = torch.optim.Adam(module.parameters(), lr=rates[0])
    for (images, labels), rate in zip(batches, rates, strict=True):
        optimiser.param_groups[0]["lr"] = rate
        optimiser_step(module, images, labels, optimiser)


def weights_of(module: nn.Module) -> list[torch.Tensor]:
    """Return the parameters in the order in which the module lists them."""
    return [parameter.detach() for parameter in module.parameters()]
