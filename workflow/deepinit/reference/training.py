"""A step of training of one torch module, by autograd."""

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
