"""The same residual networks with Gaussian iid weights, without drawing a weight matrix.

Exact in distribution and O(d) a layer instead of O(d²) (derived here). Notation as in
`deepinit.resnet.ratios`: W, V have iid N(0, 1/d) entries.

Forward. W is independent of h, so z = W h ~ N(0, ‖h‖²/d I); with u = ReLU(z),
y = V u ~ N(0, ‖u‖²/d I).

Backward, given the forward pass. The forward pass has seen V only through V u = y, so
V = y uᵀ/‖u‖² + Ṽ P with P the projection orthogonal to u and Ṽ fresh: for a vector p that does
not depend on this layer's weights otherwise,

    Vᵀp = u (y·p)/‖u‖² + P g,    g ~ N(0, ‖p‖²/d I),

and likewise Wᵀq = h (z·q)/‖h‖² + P′g′ with P′ orthogonal to h, g′ ~ N(0, ‖q‖²/d I). If all
units of a layer are off, u = 0, the layer passes neither outputs nor gradients.
"""

import torch

from deepinit.progress import Report, no_progress
from deepinit.random import RandomStream, as_stream
from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.ratios import compare
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.resnet.scaled_vectors import RESCALE_EVERY, MovingVectors, ScaledVectors
from deepinit.seeds import Randomness

# Below it a step may be lost in the rounding of the vector, and is summed up by itself: slower.
_SMALL_ALPHA = 1e-3
# What is kept for the backward pass of the networks that are computed side by side.
_KEPT_BYTES = 600_000_000


def _conditioned(
    known_input: torch.Tensor,
    known_output: torch.Tensor,
    vector: torch.Tensor,
    stream: RandomStream,
    input_norm: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return Mᵀ `vector` for Gaussian M (variance 1/d) given M `known_input` = `known_output`.

    All shapes (networks, d); `input_norm` is the length of `known_input`, (networks, 1), if it is known.
    """
    networks, width = vector.shape
    fresh = stream.normal(networks, width)
    fresh *= vector.norm(dim=1, keepdim=True) / width**0.5
    if input_norm is None:
        input_norm = known_input.norm(dim=1, keepdim=True)
    squared = input_norm.square().clamp_min(1e-37)
    along = (known_output * vector).sum(dim=1, keepdim=True)
    along -= (known_input * fresh).sum(dim=1, keepdim=True)
    return fresh.addcmul_(known_input, along / squared)


def _start(
    networks: int, width: int, alpha: float, stream: RandomStream
) -> tuple[torch.Tensor, ScaledVectors]:
    """Return directions, uniform on the sphere, shape (networks, 1, d), and vectors that start there."""
    start = stream.normal(networks, 1, width)
    start /= start.norm(dim=2, keepdim=True)
    if alpha < _SMALL_ALPHA:
        return start, MovingVectors.at(start, alpha)
    return start, ScaledVectors.unscaled(start)


def _step(vectors: ScaledVectors, u: torch.Tensor, alpha: float) -> None:
    """Add α u, shape (networks, d), to the vectors; what was their direction stays as it is."""
    if isinstance(vectors, MovingVectors):
        vectors.direction = torch.empty_like(vectors.direction)
        vectors.step(u.unsqueeze(1))
    else:
        vectors.direction = torch.add(vectors.direction, u.unsqueeze(1), alpha=alpha)


def independent_gaussian_weights(
    depth: int,
    width: int,
    beta: float,
    networks: int,
    seed: Randomness,
    *,
    batch: int | None = None,
    progress: Report = no_progress,
) -> LogRatios:
    """Return the ratios of networks with iid Gaussian weights, distributed as the explicit ones.

    The distribution is invariant under rotations, so h_0 and p_L are uniform on the sphere. Three
    vectors per layer are kept, 12 L d bytes per network.

    Args:
        batch: networks computed side by side; None means as many as keep 600 MB. Another batch
            gives other networks.

    Returns:
        log-ratios of shape (networks,).
    """
    stream, alpha = as_stream(seed), scaling_factor(depth, beta)
    batch = batch or max(1, _KEPT_BYTES // (12 * depth * width))

    def side_by_side(count: int) -> LogRatios:
        start, h = _start(count, width, alpha, stream)
        # What each layer leaves for the backward pass: h, u and y, and ‖h‖ and ‖u‖.
        kept: list[tuple[torch.Tensor, ...]] = []
        for layer in range(depth):
            if layer % RESCALE_EVERY == 0:
                h.rescale()
            x = h.direction.squeeze(1)
            length = x.norm(dim=1, keepdim=True)
            u = stream.normal(count, width).mul_(length / width**0.5).relu_()
            passed = u.norm(dim=1, keepdim=True)
            y = stream.normal(count, width).mul_(passed / width**0.5)
            kept.append((x, u, y, length, passed))
            _step(h, y, alpha)
        last, p = _start(count, width, alpha, stream)
        for layer in range(depth - 1, -1, -1):
            if layer % RESCALE_EVERY == 0:
                p.rescale()
            x, u, y, length, passed = kept.pop()
            q = _conditioned(u, y, p.direction.squeeze(1), stream, passed)
            # Off units have u = 0 and get no gradient, so that z·q = u·q.
            torch.ops.aten.threshold_backward.grad_input(q, u, 0, grad_input=q)
            _step(p, _conditioned(x, u, q, stream, length), alpha)
        ratios = (*compare(h, start), *compare(p, last))
        return LogRatios(*(ratio.squeeze(1) for ratio in ratios))

    return LogRatios.in_batches(networks, batch, side_by_side, progress)
