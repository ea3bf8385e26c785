"""Fully connected ReLU networks: a_l = ReLU(W_l a_{l−1} + b_l), l = 1 … d, z = W_{d+1} a_d + b_{d+1}.

Biases b, if there are any, start at zero. With δ_{d+1} the gradient at the logits z,
δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ [a_l > 0], ∂loss/∂W_l = δ_l a_{l−1}ᵀ and ∂loss/∂b_l = δ_l.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import torch

from deepinit.initialisers import WeightLaw
from deepinit.random import RandomStream
from deepinit.training.network_batch import NetworkBatch, pad_to, relu_backward
from deepinit.weights import draw_weights


class FullyConnectedBatch(NetworkBatch):
    """Fully connected networks of one shape; see `NetworkBatch`.

    Args:
        networks: what the networks are.
        weights: of every layer, then biases, (networks, fan_out, 1), if there are any; padded or not.
    """

    def __init__(
        self,
        networks: Sequence["FullyConnected"],
        weights: Sequence[torch.Tensor],
        largest_batch: int,
        classes: int,
    ) -> None:
        layers = len(networks[0].widths) + 1
        super().__init__(weights[:layers], largest_batch, classes)
        biases = weights[layers:]
        rows = [layer.shape[1] for layer in self.weights]
        if biases:
            padded = zip(biases, rows, strict=True)
            self.biases = [pad_to(bias, self.networks, row, 1) for bias, row in padded]
        # One buffer per layer for activations, kept for the backward pass, and two in turn
        # for their gradients.
        self._layers = [self._buffer(row) for row in rows]
        self._gradients = [self._buffer(max(rows)) for _ in range(2)]
        self._activations: list[torch.Tensor] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits; see `NetworkBatch.forward`."""
        below, self._activations = inputs.transpose(1, 2), []
        for number, (weight, buffer) in enumerate(zip(self.weights, self._layers, strict=True)):
            layer = self._view(buffer, weight.shape[1], inputs.shape[1])
            torch.bmm(weight, below, out=layer)
            if self.biases:
                layer.add_(self.biases[number])
            if len(self._activations) < len(self.weights) - 1:
                layer.relu_()
            self._activations.append(layer)
            below = layer
        return below

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor) -> None:
        """Update the weights; see `NetworkBatch.backward`."""
        for layer in range(len(self.weights) - 1, 0, -1):
            weight, below = self.weights[layer], self._activations[layer - 1]
            buffer = self._view(self._gradients[layer % 2], weight.shape[2], inputs.shape[1])
            torch.bmm(weight.transpose(1, 2), gradient, out=buffer)
            relu_backward(buffer, below)
            weight.baddbmm_(gradient, below.transpose(1, 2))
            self._update_bias(layer, gradient)
            gradient = buffer
        self.weights[0].baddbmm_(gradient, inputs)
        self._update_bias(0, gradient)

    def _update_bias(self, layer: int, gradient: torch.Tensor) -> None:
        if self.biases:
            self.biases[layer].add_(gradient.sum(dim=2, keepdim=True))


@dataclass(frozen=True)
class FullyConnected:
    """A fully connected network before training.

    Attributes:
        widths: widths of the hidden layers, from the input upwards.
        law: of the weights of every layer, the output layer included; one of
            `deepinit.initialisers.WEIGHT_LAWS`.
        biases: whether every layer, the output layer included, has biases: zero at the start, trained.
    """

    batch: ClassVar = FullyConnectedBatch
    widths: tuple[int, ...]
    law: WeightLaw
    biases: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError if there is no hidden layer or one has no neuron."""
        if not self.widths or min(self.widths) < 1:
            raise ValueError(
                f"at least one hidden layer is needed, and widths must be positive: got {self.widths}"
            )

    @property
    def shape(self) -> Hashable:
        """What networks that are trained together must have in common."""
        return self.widths, self.biases

    @property
    def neurons(self) -> int:
        """Activations that a training step keeps for one image."""
        return sum(self.widths) + 2 * max(self.widths)

    def draw(self, stream: RandomStream, pixels: int, classes: int) -> list[torch.Tensor]:
        """Return the initial weights from the input layer to the output layer, (1, out, in).

        Biases of zero follow if the network has any, (1, out, 1).
        """
        sizes = [pixels, *self.widths, classes]
        weights = [
            draw_weights(self.law, stream, 1, above, below) for below, above in pairwise(sizes)
        ]
        if self.biases:
            weights += [layer.new_zeros(1, layer.shape[1], 1) for layer in weights]
        return weights
