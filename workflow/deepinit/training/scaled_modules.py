"""Residual networks with scaled modules (Hanin & Rolnick 2018, Figure 2b).

    x_0 = A image,   x_l = x_{l−1} + η_l N_l(x_{l−1}),   l = 1 … L,   logits z = B x_L,
    N(x) = ReLU(W₂ ReLU(W₁ x))  ("relu"-ended)  or  W₂ ReLU(W₁ x)  ("linear"-ended),

without biases. Stream, modules and their Gaussian laws are those of
`deepinit.resnet.scaled_modules`: W₁ has variance 2/fan-in and W₂ that variance or, linear-ended,
1/fan-in, so that E‖N(x)‖² = ‖x‖². A has variance 1/fan-in: it is linear, keeps the mean squared
length, and puts x_0 in a random direction. B has He's 2/fan-in, as the output layer of the fully
connected networks of Figures 1 and 3 has.

With g the gradient at x_l, u = ReLU(W₁ x_{l−1}) and y = N(x_{l−1}): δ = η g (⊙ [y > 0] if
ReLU-ended), ∂loss/∂W₂ = δ uᵀ, ε = (W₂ᵀ δ) ⊙ [u > 0], ∂loss/∂W₁ = ε x_{l−1}ᵀ, and the gradient at
x_{l−1} is g + W₁ᵀ ε.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.random import RandomStream
from deepinit.resnet.scaled_modules import Ending
from deepinit.training.network_batch import NetworkBatch, relu_backward
from deepinit.weights import draw_weights

_HE, _LINEAR = WEIGHT_LAWS["he_normal"], WEIGHT_LAWS["lecun_normal"]


class _Module(NamedTuple):
    """Tensors of one module: W₁, W₂ and η; x, u and y as above; the stream that it leaves."""

    first: torch.Tensor
    second: torch.Tensor
    eta: torch.Tensor
    x: torch.Tensor
    u: torch.Tensor
    y: torch.Tensor
    above: torch.Tensor


class ScaledModuleBatch(NetworkBatch):
    """Residual networks of one shape; see `NetworkBatch`.

    Args:
        networks: what the networks are; only their scales may differ.
        weights: A, then W₁ and W₂ of every module, then B.
    """

    def __init__(
        self,
        networks: Sequence["ScaledModuleNetwork"],
        weights: Sequence[torch.Tensor],
        largest_batch: int,
        classes: int,
    ) -> None:
        super().__init__(weights, largest_batch, classes)
        scales = torch.tensor([network.scales for network in networks], dtype=torch.float32)
        self.scales = scales.to(self.weights[0].device)
        self.width, self.hidden = networks[0].width, networks[0].hidden
        self.ending = ending = networks[0].ending
        modules = scales.shape[1]
        self._streams = [self._buffer(self.width) for _ in range(modules + 1)]
        self._middles = [self._buffer(self.hidden) for _ in range(modules)]
        # Linear-ended modules do not need what they added, and may all use one buffer.
        self._ends = [self._buffer(self.width) for _ in range(modules if ending == "relu" else 1)]
        self._logits = self._buffer(self.weights[-1].shape[1])
        self._at_stream, self._at_end = self._buffer(self.width), self._buffer(self.width)
        self._at_middle = self._buffer(self.hidden)
        self._views: dict[int, list[_Module]] = {}

    def keep(self, remaining: Sequence[int]) -> None:
        """Let all networks leave but those at the positions `remaining`."""
        super().keep(remaining)
        self.scales = self.scales[list(remaining)]
        self._views = {}

    def _modules(self, images: int) -> list[_Module]:
        """Return the tensors of every module for a number of images, made once."""
        if images not in self._views:
            width, hidden = self.width, self.hidden
            streams = [self._view(buffer, width, images) for buffer in self._streams]
            ends = [self._view(buffer, width, images) for buffer in self._ends]
            self._views[images] = [
                _Module(
                    # Rows and columns of padding stay out of these small products.
                    first=self.weights[1 + 2 * module][:, :hidden, :width],
                    second=self.weights[2 + 2 * module][:, :width, :hidden],
                    eta=self.scales[:, module].view(-1, 1, 1),
                    x=streams[module],
                    u=self._view(self._middles[module], hidden, images),
                    y=ends[module % len(ends)],
                    above=streams[module + 1],
                )
                for module in range(self.scales.shape[1])
            ]
        return self._views[images]

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits; see `NetworkBatch.forward`."""
        images = inputs.shape[1]
        stream = self._view(self._streams[0], self.width, images)
        torch.bmm(self.weights[0][:, : self.width], inputs.transpose(1, 2), out=stream)
        for module in self._modules(images):
            torch.bmm(module.first, module.x, out=module.u).relu_()
            torch.bmm(module.second, module.u, out=module.y)
            if self.ending == "relu":
                module.y.relu_()
            stream = torch.addcmul(module.x, module.y, module.eta, out=module.above)
        logits = self._view(self._logits, self.weights[-1].shape[1], images)
        return torch.bmm(self.weights[-1][:, :, : self.width], stream, out=logits)

    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor) -> None:
        """Update the weights; see `NetworkBatch.backward`."""
        images, last = inputs.shape[1], self.weights[-1][:, :, : self.width]
        at_stream = self._view(self._at_stream, self.width, images)
        at_middle = self._view(self._at_middle, self.hidden, images)
        at_end = self._view(self._at_end, self.width, images)
        torch.bmm(last.transpose(1, 2), gradient, out=at_stream)
        last.baddbmm_(gradient, self._modules(images)[-1].above.transpose(1, 2))
        for module in reversed(self._modules(images)):
            torch.mul(at_stream, module.eta, out=at_end)
            if self.ending == "relu":
                relu_backward(at_end, module.y)
            torch.bmm(module.second.transpose(1, 2), at_end, out=at_middle)
            relu_backward(at_middle, module.u)
            module.second.baddbmm_(at_end, module.u.transpose(1, 2))
            at_stream.baddbmm_(module.first.transpose(1, 2), at_middle)
            module.first.baddbmm_(at_middle, module.x.transpose(1, 2))
        self.weights[0][:, : self.width].baddbmm_(at_stream, inputs)


@dataclass(frozen=True)
class ScaledModuleNetwork:
    """A residual network before training.

    Attributes:
        scales: η_l for l = 1 … L.
        width: n, of the stream x.
        hidden: m, of a module's hidden layer.
        ending: what a module ends in.
    """

    batch: ClassVar = ScaledModuleBatch
    scales: tuple[float, ...]
    width: int
    hidden: int
    ending: Ending

    def __post_init__(self) -> None:
        """Raise ValueError if there is no module, a width is not positive or the ending unknown."""
        if not self.scales or min(self.width, self.hidden) < 1:
            raise ValueError(
                "at least one module is needed, and widths must be positive: got "
                f"{len(self.scales)} modules, widths {self.width} and {self.hidden}"
            )
        if self.ending not in ("relu", "linear"):
            raise ValueError(f"a module must end in 'relu' or 'linear', not {self.ending!r}")

    @property
    def shape(self) -> Hashable:
        """What networks that are trained together must have in common; scales may differ."""
        return (len(self.scales), self.width, self.hidden, self.ending)

    @property
    def neurons(self) -> int:
        """Activations that a training step keeps for one image."""
        ends = self.width if self.ending == "relu" else 0
        return (len(self.scales) + 3) * (self.width + self.hidden + ends)

    def draw(self, stream: RandomStream, pixels: int, classes: int) -> list[torch.Tensor]:
        """Return the initial A, W₁ and W₂ of every module, and B, each (1, out, in)."""
        last = _HE if self.ending == "relu" else _LINEAR
        weights = [draw_weights(_LINEAR, stream, 1, self.width, pixels)]
        for _ in self.scales:
            weights.append(draw_weights(_HE, stream, 1, self.hidden, self.width))
            weights.append(draw_weights(last, stream, 1, self.width, self.hidden))
        return [*weights, draw_weights(_HE, stream, 1, classes, self.width)]
