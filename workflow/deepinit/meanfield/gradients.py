"""Gradients, layer by layer, of ReLU networks at initialisation (after Luther & Seung 2019).

δ_l = ∂loss/∂z_l, z_l the input of the ReLU of layer l, for the T inputs of a batch. `kind` is

    "plain"         z = W x
    "sample init"   z = w x + b,  w_i = W_i/s_i, b_i = −μ_i/s_i, with mean and sd of the batch
    "batch norm"    z = (W x − μ)/s, through μ and s too

and backwards, with D = 1[z > 0],

    δ_l = D_l W_{l+1}ᵀ δ^y_{l+1},
    δ^y = δ,   δ/s   or   (δ − mean_t δ − z mean_t(z δ))/s.

The output gradient is imposed on the pre-activations of layer L, above the last ReLU: standard
normal numbers, one a unit and input (*own*), or one a unit for all inputs (*shared*). The backward
pass is written out here because it carries both at once and gives the gradients between the
layers; a test compares it with automatic differentiation. The theory is in
`deepinit.meanfield.gradients_theory`.
"""

from dataclasses import dataclass

import torch

from deepinit.meanfield.sample_variance import SampleStatistics
from deepinit.progress import Report, no_progress
from deepinit.random import as_stream
from deepinit.seeds import Randomness

KINDS = ("plain", "sample init", "batch norm")


@dataclass(frozen=True)
class Layer:
    """What the backward pass needs to know of one layer; shapes (networks, units, …).

    Attributes:
        weights: W, before any division by s.
        inputs: z, the ReLU's input.
        sd: s over the batch, last axis 1; None in the plain net.
    """

    weights: torch.Tensor
    inputs: torch.Tensor
    sd: torch.Tensor | None


def forward(weights: list[torch.Tensor], inputs: torch.Tensor, kind: str) -> list[Layer]:
    """Return the layers of one forward pass.

    Args:
        weights: W_0 … W_{L−1}, each of shape (networks, units, units).
        inputs: x, shape (networks, units, samples).

    Raises:
        ValueError: an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"the kind of net must be one of {', '.join(KINDS)}, not {kind!r}")
    layers = []
    x = inputs
    for matrix in weights:
        z, sd = torch.bmm(matrix, x), None
        if kind != "plain":
            z -= z.mean(dim=2, keepdim=True)
            sd = z.square().mean(dim=2, keepdim=True).sqrt_()
            z /= sd
        layers.append(Layer(matrix, z, sd))
        x = z.relu()
    return layers


def before_normalisation(gradient: torch.Tensor, layer: Layer, kind: str) -> torch.Tensor:
    """Return ∂loss/∂(W x) from ∂loss/∂z; `gradient` has shape (networks, units, samples)."""
    if layer.sd is None:
        return gradient
    if kind == "batch norm":
        along = (layer.inputs * gradient).mean(dim=2, keepdim=True)
        gradient = gradient - gradient.mean(dim=2, keepdim=True) - layer.inputs * along
    return gradient / layer.sd


def backward(
    layers: list[Layer], top_weights: torch.Tensor, top_gradient: torch.Tensor, kind: str
) -> list[torch.Tensor]:
    """Return δ_0 … δ_{L−1}, each of shape (networks, units, samples).

    Args:
        top_weights: W_L, from the last ReLU to where the gradient is imposed.
        top_gradient: gradient of the loss there, shape (networks, units, samples).
    """
    gradients = []
    weights, below = top_weights, top_gradient
    for layer in reversed(layers):
        gradient = torch.bmm(weights.mT, below).mul_(layer.inputs > 0)
        gradients.append(gradient)
        below = before_normalisation(gradient, layer, kind)
        weights = layer.weights
    return gradients[::-1]


def gradient_statistics(
    kind: str,
    width: int,
    depth: int,
    samples: int,
    networks: int,
    seed: Randomness,
    progress: Report = no_progress,
) -> dict[str, SampleStatistics]:
    """Return "own" and "shared" ↦ m² and v² of δ_l, shape (networks, depth).

    m² is the squared sample mean over the inputs, averaged over units and corrected for the
    finite batch as in `deepinit.meanfield.sample_variance`; m² + v² is the mean square.

    Args:
        depth: L, layers with a ReLU; the output gradient is imposed on layer L.
        samples: T, the batch, white noise of variance ½.

    Raises:
        ValueError: an unknown kind, or fewer than two inputs, which have no variance.
    """
    if samples < 2:
        raise ValueError(f"a variance over inputs needs two or more, not {samples}")
    stream = as_stream(seed)
    found = {
        name: SampleStatistics(*torch.empty(2, networks, depth, dtype=torch.float64))
        for name in ("own", "shared")
    }
    for network in range(networks):
        weights = [
            stream.normal(1, width, width).mul_((2 / width) ** 0.5) for _ in range(depth + 1)
        ]
        x = stream.normal(1, width, samples).mul_(0.5**0.5)
        layers = forward(weights[:-1], x, kind)
        tops = {
            "own": stream.normal(1, width, samples),
            "shared": stream.normal(1, width, 1).expand(1, width, samples),
        }
        for name, top in tops.items():
            for layer, gradient in enumerate(backward(layers, weights[-1], top, kind)):
                mean = gradient.mean(dim=2, keepdim=True)
                v2 = (gradient - mean).square_().sum(dim=2).double().mean() / (samples - 1)
                m2 = mean.double().square().mean() - v2 / samples
                found[name].squared_mean[network, layer] = m2
                found[name].variance[network, layer] = v2
        progress(network + 1, networks)
    return found
