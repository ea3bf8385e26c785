"""Residual networks at initialisation, with every weight drawn (Marion et al. 2025, "res-3").

    h_0 = A x,   h_{k+1} = h_k + α V_{k+1} ReLU(W_{k+1} h_k),   k = 0 … L−1,   α = L^{−β},
    p_L ∝ Bᵀ,    p_k = p_{k+1} + α W_{k+1}ᵀ (1[W_{k+1} h_k > 0] ∘ V_{k+1}ᵀ p_{k+1}).

A, B and iid V, W have entries U(−√(3/fan-in), √(3/fan-in)) (released code) or N(0, 1/fan-in);
correlated weights are fractional Gaussian noise in the layer index over √d. The network has
one output, so p_L = ∂loss/∂h_L is a multiple of the row B whatever the loss, and the ratios
of gradients depend neither on the target nor on the loss.

The map is positively homogeneous: vectors are brought back to unit length now and then and
their size is kept as a logarithm, so exploding networks give finite numbers; the change
h_L − h_0 is summed up by itself, so networks that hardly move give all its digits. The reduced
sampler, which draws no weights at all, is `deepinit.resnet.ratios_without_weights`; the theory
is in `deepinit.resnet.ratios_theory`.

Vectors of many networks are the rows of one tensor of shape (draws, rows, d): the rows of one
draw share its weights and may differ in input and in α. Weights are kept transposed, so that
a layer is a product of rows from the right (several times faster than column vectors when
there are few rows); for iid and for fractional weights a matrix and its transpose have the
same law.
"""

from collections.abc import Callable, Sequence
from math import prod

import torch

from deepinit.noise.fractional import fractional_noise
from deepinit.noise.fractional_theory import Generator
from deepinit.progress import Report, no_progress
from deepinit.random import RandomStream, as_stream
from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.resnet.scaled_vectors import RESCALE_EVERY, MovingVectors, ScaledVectors
from deepinit.seeds import Randomness

INPUT_DIMENSION = 64
# Weights of small layers are drawn so many at a time, of one layer or several.
_WEIGHTS_AT_ONCE = 1 << 18

# layer index ↦ (Vᵀ, Wᵀ), each of shape (draws, d, d)
TransposedWeights = Callable[[int], tuple[torch.Tensor, torch.Tensor]]


class WeightMemory:
    """Memory of the processor for drawn weights, which calls one after another may share.

    Memory that is new to the process takes longer to be handed over, page by page, than random
    numbers to be drawn: with its own at every call `independent_weights` takes 1.4 times as long.
    """

    def __init__(self) -> None:
        self._numbers = torch.empty(0)

    def of_shape(self, device: torch.device, *shape: int) -> torch.Tensor:
        """Return float32 numbers of any value; on a GPU torch itself keeps what was freed."""
        if device.type != "cpu":
            return torch.empty(shape, device=device)
        if self._numbers.numel() < prod(shape):
            # The old goes first, so that there are never both.
            self._numbers = torch.empty(0)
            self._numbers = torch.empty(prod(shape))
        return self._numbers[: prod(shape)].view(shape)


def compare(end: ScaledVectors, start: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return log ‖end‖/‖start‖ and log ‖end − start‖/‖start‖, float64, shape (draws, rows)."""
    log_start = start.double().norm(dim=2).log()
    return end.log_norm() - log_start, end.log_change(start) - log_start


def propagate(
    start: torch.Tensor,
    weights: TransposedWeights,
    alpha: torch.Tensor | float,
    depth: int,
    active: torch.Tensor,
) -> MovingVectors:
    """Return h_L from h_0 = `start`, shape (draws, rows, d).

    Args:
        alpha: scalar, or one value a row, shape (rows, 1).
        active: bool (depth, draws, rows, d), filled with 1[W h > 0].
    """
    h = MovingVectors.at(start, alpha)
    masks = active.unbind()
    for layer in range(depth):
        v, w = weights(layer)
        z = torch.bmm(h.direction, w).relu_()
        # What ReLU has left is positive or zero; a copy to bool is many times as fast as z > 0.
        masks[layer].copy_(z)
        h.step(z, v)
        if layer % RESCALE_EVERY == 0:
            h.rescale()
    return h


def backpropagate(
    start: torch.Tensor,
    weights: TransposedWeights,
    alpha: torch.Tensor | float,
    active: torch.Tensor,
) -> MovingVectors:
    """Return p_0 from p_L = `start`, shape (draws, rows, d); `active` as in `propagate`."""
    p = MovingVectors.at(start, alpha)
    # As bytes: products with bool are three times as slow.
    masks = active.view(torch.uint8).unbind()
    for layer in range(len(active) - 1, -1, -1):
        v, w = weights(layer)
        q = torch.bmm(p.direction, v.mT)
        q *= masks[layer]
        p.step(q, w.mT)
        if layer % RESCALE_EVERY == 0:
            p.rescale()
    return p


def _check_known(name: str, kind: str) -> None:
    if kind not in ("uniform", "gaussian"):
        raise ValueError(f"{name} must be 'uniform' or 'gaussian', not {kind!r}")


def unit_matrix(stream: RandomStream, law: str, *shape: int) -> torch.Tensor:
    """Return entries of unit variance: "gaussian", or "uniform" on (−√3, √3)."""
    _check_known("law", law)
    if law == "gaussian":
        return stream.normal(*shape)
    return stream.symmetric_uniform(*shape).mul_(3**0.5)


def first_layer(
    stream: RandomStream, draws: int, rows: int, width: int, law: str, inputs: str
) -> torch.Tensor:
    """Return h_0 = A x, shape (draws, rows, d): one A a draw, one x of dimension 64 a row.

    Args:
        law: law of A, see `unit_matrix`; variance 1/64.
        inputs: "uniform" on [0, 1) as in the released code, or "gaussian" as in the text.

    Raises:
        ValueError: an unknown law of weights or inputs.
    """
    _check_known("inputs", inputs)
    shape = (draws, rows, INPUT_DIMENSION)
    x = stream.uniform(*shape) if inputs == "uniform" else stream.normal(*shape)
    a = unit_matrix(stream, law, draws, INPUT_DIMENSION, width).mul_(INPUT_DIMENSION**-0.5)
    return torch.bmm(x, a)


def independent_weights(
    depth: int,
    width: int,
    beta: float,
    networks: int,
    seed: Randomness,
    *,
    law: str,
    inputs: str,
    batch: int | None = None,
    memory: WeightMemory | None = None,
    progress: Report = no_progress,
) -> LogRatios:
    """Return the ratios of networks with iid weights, fresh data and weights each.

    All 2 L d² weights of a batch are kept, 8 L d² bytes a network.

    Args:
        law, inputs: as in `first_layer`.
        batch: networks computed side by side; None means as many as keep the weights below 640 MB.
        memory: for the weights, if other calls are to use the same.

    Raises:
        ValueError: an unknown law of weights or inputs.

    Returns:
        log-ratios of shape (networks,).
    """
    stream = as_stream(seed)
    _check_known("law", law)
    scale = {"uniform": 3**0.5, "gaussian": 1.0}[law] / width**0.5
    # ReLU is positively homogeneous, so the scales of V and W may be multiplied into α.
    alpha = scaling_factor(depth, beta) * scale**2
    fill = stream.normal if law == "gaussian" else stream.symmetric_uniform
    batch = max(1, min(networks, batch or 80_000_000 // (depth * width**2)))
    at_once = min(depth, max(1, _WEIGHTS_AT_ONCE // (2 * batch * width**2)))
    memory = memory or WeightMemory()
    weights = memory.of_shape(stream.device, depth, 2, batch, width, width)
    layers = [tuple(layer) for layer in weights]
    active = torch.empty(depth, batch, 1, width, dtype=torch.bool, device=stream.device)

    def draw(layer: int) -> tuple[torch.Tensor, torch.Tensor]:
        if layer % at_once == 0:
            several = weights[layer : layer + at_once]
            fill(*several.shape, out=several)
        return layers[layer]

    def side_by_side(count: int) -> LogRatios:
        # The last batch is computed whole and cut, so that every batch has the same shape.
        start = first_layer(stream, batch, 1, width, law, inputs)
        last = unit_matrix(stream, law, batch, 1, width)
        end = propagate(start, draw, alpha, depth, active)
        back = backpropagate(last, layers.__getitem__, alpha, active)
        ratios = (*compare(end, start), *compare(back, last))
        return LogRatios(*(ratio[:count, 0] for ratio in ratios))

    return LogRatios.in_batches(networks, batch, side_by_side, progress)


def fractional_weights(
    depth: int,
    width: int,
    hurst: float,
    betas: Sequence[float],
    draws: int,
    inputs_per_draw: int,
    seed: Randomness,
    *,
    inputs: str,
    generator: Generator = "exact",
) -> LogRatios:
    """Return the ratios of networks whose weights are fractional Gaussian noise over √d.

    All β and all inputs of one weight draw share that draw's weights (as in the paper) and go
    through the layers as the rows of one matrix product.

    Args:
        generator: of the noise, "exact" or "released"; see `deepinit.noise.fractional`.

    Returns:
        log-ratios of shape (draws, len(betas), inputs_per_draw); `frame("draw", "beta", "input")` numbers
        all three.
    """
    stream = as_stream(seed)
    rows = len(betas) * inputs_per_draw
    start = first_layer(stream, draws, rows, width, "uniform", inputs)
    last = unit_matrix(stream, "uniform", draws, 1, width).expand(-1, rows, -1)
    alphas = torch.tensor([scaling_factor(depth, beta) for beta in betas], dtype=torch.float32)
    alpha = alphas.repeat_interleave(inputs_per_draw).to(stream.device).unsqueeze(1) / width
    weights = fractional_noise(hurst, depth, 2 * draws * width * width, stream, generator)
    layers = [tuple(layer) for layer in weights.view(depth, 2, draws, width, width)]
    active = torch.empty(depth, draws, rows, width, dtype=torch.bool, device=stream.device)
    end = propagate(start, layers.__getitem__, alpha, depth, active)
    back = backpropagate(last, layers.__getitem__, alpha, active)
    ratios = (*compare(end, start), *compare(back, last))
    return LogRatios(*(ratio.reshape(draws, len(betas), inputs_per_draw) for ratio in ratios))
