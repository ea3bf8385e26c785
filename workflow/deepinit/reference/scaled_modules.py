"""The residual network with scaled modules of Hanin & Rolnick (2018), Figure 2, as a torch module."""

from collections.abc import Sequence

import torch
from torch import nn

from deepinit.reference.linear import linear


class ScaledModules(nn.Module):
    """One network.

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
