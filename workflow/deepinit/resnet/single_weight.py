"""Residual networks with one weight matrix a layer, inside the activation (Marion et al. 2025).

    h_{k+1} = h_k + α σ(W_{k+1} h_k),   p_k = p_{k+1} + α W_{k+1}ᵀ (σ′(W_{k+1} h_k) ∘ p_{k+1}),

k = 0 … L−1, α = L^{−β}: what the captions of the appendix (Figures 10 to 14) describe. Weights,
inputs and ratios are those of `deepinit.resnet.ratios`. σ is ReLU as in the paper, or one of
the others of `ACTIVATIONS`. Those that are linear on both sides of zero are positively
homogeneous, so that vectors may be rescaled as there; with tanh lengths grow by at most α √d a
layer and need no rescaling forward, and the size of the input matters.

`reduced_inside` draws no weights (derived here): for Gaussian W, W h ~ N(0, ‖h‖²/d I) whatever
happened before, and given z = W h, Wᵀq = h (z·q)/‖h‖² + P g with P the projection orthogonal to h
and g ~ N(0, ‖q‖²/d I), as in `deepinit.resnet.ratios_without_weights`. The theory is in
`deepinit.resnet.single_weight_theory`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch

from deepinit.progress import Report, no_progress
from deepinit.random import as_stream
from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.ratios import compare, first_layer, unit_matrix
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.resnet.ratios_without_weights import _conditioned
from deepinit.resnet.scaled_vectors import RESCALE_EVERY, MovingVectors
from deepinit.resnet.smooth_weights import networks_at_once, smooth_layers
from deepinit.seeds import Randomness

# What `reduced_inside` keeps for the backward pass of the networks that are computed side by side.
_KEPT_BYTES = 500_000_000


@dataclass(frozen=True)
class Activation:
    """σ(z) = z for z > 0 and `slope` · z otherwise; tanh if `slope` is None."""

    label: str
    slope: float | None

    @property
    def homogeneous(self) -> bool:
        """Whether σ(c z) = c σ(z) for c > 0."""
        return self.slope is not None

    def __call__(self, z: torch.Tensor) -> torch.Tensor:
        """Return σ(z)."""
        return z.tanh() if self.slope is None else torch.where(z > 0, z, self.slope * z)

    def derivative(self, z: torch.Tensor) -> torch.Tensor:
        """Return σ′(z)."""
        if self.slope is None:
            return 1 - z.tanh().square_()
        return (z > 0).to(z.dtype).mul_(1 - self.slope).add_(self.slope)


ACTIVATIONS = {
    "relu": Activation("ReLU", 0.0),
    "leaky": Activation("leaky ReLU, slope 0.8", 0.8),
    "identity": Activation("identity", 1.0),
    "tanh": Activation("tanh", None),
}


def _activation(name: str) -> Activation:
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, not {name!r}")
    return ACTIVATIONS[name]


def propagate_inside(
    start: torch.Tensor,
    weights: Callable[[int], torch.Tensor],
    alpha: float,
    depth: int,
    activation: Activation,
    slopes: torch.Tensor,
) -> MovingVectors:
    """Return h_L from h_0 = `start`, shape (draws, rows, d).

    Args:
        weights: layer index ↦ Wᵀ, shape (draws, d, d).
        slopes: shape (depth, draws, rows, d), filled with σ′(W h).
    """
    h = MovingVectors.at(start, alpha)
    for layer in range(depth):
        z = torch.bmm(h.direction, weights(layer))
        slopes[layer] = activation.derivative(z)
        h.step(activation(z))
        if activation.homogeneous and layer % RESCALE_EVERY == 0:
            h.rescale()
    return h


def backpropagate_inside(
    start: torch.Tensor,
    weights: Callable[[int], torch.Tensor],
    alpha: float,
    slopes: torch.Tensor,
) -> MovingVectors:
    """Return p_0 from p_L = `start`, shape (draws, rows, d); `slopes` as in `propagate_inside`."""
    p = MovingVectors.at(start, alpha)
    for layer in range(len(slopes) - 1, -1, -1):
        p.step(p.direction * slopes[layer], weights(layer).mT)
        if layer % RESCALE_EVERY == 0:
            p.rescale()
    return p


def inside_weights(
    depth: int,
    width: int,
    beta: float,
    networks: int,
    seed: Randomness,
    *,
    activation: str,
    weights: Literal["uniform", "gaussian", "smooth"],
    inputs: str,
    progress: Report = no_progress,
) -> LogRatios:
    """Return the ratios of networks with the weight inside, fresh data and weights each.

    Args:
        activation: key of `ACTIVATIONS`.
        weights: iid of variance 1/d, or Gaussian processes in the layer index over √d. A and B
            are Gaussian with "gaussian", uniform otherwise.

    Raises:
        ValueError: an unknown activation, or unknown weights or inputs.

    Returns:
        log-ratios of shape (networks,), outputs and gradients.
    """
    if weights not in ("uniform", "gaussian", "smooth"):
        raise ValueError(f"weights must be 'uniform', 'gaussian' or 'smooth', not {weights!r}")
    stream = as_stream(seed)
    alpha = scaling_factor(depth, beta)
    sigma = _activation(activation)
    law = "gaussian" if weights == "gaussian" else "uniform"
    batch = min(networks, networks_at_once(depth, width, 1))
    slopes = torch.empty(depth, batch, 1, width, device=stream.device)
    if weights != "smooth":
        memory = torch.empty(depth, batch, width, width, device=stream.device)

    def draw() -> torch.Tensor:
        if weights == "smooth":
            return smooth_layers(depth, batch, width, "process", stream)
        fill = stream.normal if law == "gaussian" else stream.symmetric_uniform
        for layer in memory:
            fill(*layer.shape, out=layer)
            layer *= 1.0 if law == "gaussian" else 3**0.5
        return memory

    def side_by_side(count: int) -> LogRatios:
        # The last batch is computed whole and cut, so that every batch has the same shape.
        start = first_layer(stream, batch, 1, width, law, inputs)
        last = unit_matrix(stream, law, batch, 1, width)
        layers = draw().mul_(width**-0.5)
        end = propagate_inside(start, layers.__getitem__, alpha, depth, sigma, slopes)
        back = backpropagate_inside(last, layers.__getitem__, alpha, slopes)
        ratios = (*compare(end, start), *compare(back, last))
        return LogRatios(*(ratio[:count, 0] for ratio in ratios))

    return LogRatios.in_batches(networks, batch, side_by_side, progress)


def reduced_inside(
    depth: int,
    width: int,
    beta: float,
    networks: int,
    seed: Randomness,
    *,
    activation: str,
    inputs: str,
    progress: Report = no_progress,
) -> LogRatios:
    """Return the ratios for iid Gaussian weights, distributed as in `inside_weights`, none drawn.

    Two vectors per layer are kept, 8 L d bytes per network, and 500 MB at most.

    Raises:
        ValueError: the activation is unknown or not positively homogeneous, or inputs are unknown.

    Returns:
        log-ratios of shape (networks,), outputs and gradients.
    """
    stream = as_stream(seed)
    sigma = _activation(activation)
    if not sigma.homogeneous:
        raise ValueError(f"the reduced sampler needs a homogeneous activation, not {activation}")
    alpha = scaling_factor(depth, beta)
    batch = max(1, _KEPT_BYTES // (8 * depth * width))

    def side_by_side(count: int) -> LogRatios:
        start = first_layer(stream, count, 1, width, "gaussian", inputs)
        h = MovingVectors.at(start, alpha)
        kept: list[tuple[torch.Tensor, torch.Tensor]] = []
        for layer in range(depth):
            x = h.direction.clone()
            z = stream.normal(count, 1, width)
            z *= x.norm(dim=2, keepdim=True) / width**0.5
            kept.append((x, z))
            h.step(sigma(z))
            if layer % RESCALE_EVERY == 0:
                h.rescale()
        last = stream.normal(count, 1, width)
        p = MovingVectors.at(last, alpha)
        while kept:
            x, z = kept.pop()
            q = p.direction * sigma.derivative(z)
            p.step(_conditioned(x.squeeze(1), z.squeeze(1), q.squeeze(1), stream).unsqueeze(1))
            if len(kept) % RESCALE_EVERY == 0:
                p.rescale()
        ratios = (*compare(h, start), *compare(p, last))
        return LogRatios(*(ratio.squeeze(1) for ratio in ratios))

    return LogRatios.in_batches(networks, batch, side_by_side, progress)
