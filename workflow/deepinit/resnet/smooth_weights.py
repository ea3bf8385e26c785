"""Residual networks whose weights change smoothly from layer to layer (Marion et al. 2025, Figs 4, 5).

Every entry of √d V_k and √d W_k is a centred Gaussian process in the layer index, independent of
all others, with the kernel exp(−(x − x′)²/(2·10⁻²)):

    "process"     √d V_{k+1} = f(k/L), k = 0 … L−1: what the paper says and its figures show;
    "increments"  √d V_{k+1} = (f((k+1)/L) − f(k/L))/s, with s the standard deviation over a
                  matrix's entries, averaged over its layers: what the released code does.

The paths come from `deepinit.noise.smooth`. The network is that of
`deepinit.resnet.ratios`; the theory is in `deepinit.resnet.smooth_weights_theory`.
"""

from typing import Literal

import numpy as np
import torch

from deepinit.noise.smooth import smooth_basis
from deepinit.progress import Report, no_progress
from deepinit.random import RandomStream, as_stream
from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.ratios import (
    backpropagate,
    compare,
    first_layer,
    propagate,
    unit_matrix,
)
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.seeds import Randomness

SmoothWeights = Literal["process", "increments"]
# Weights kept at once: 4 bytes each.
_KEPT_WEIGHTS = 160_000_000


def smooth_layers(
    depth: int, matrices: int, width: int, weights: SmoothWeights, stream: RandomStream
) -> torch.Tensor:
    """Return weights of unit variance, float32, shape (depth, matrices, width, width).

    Args:
        weights: "process" or "increments", as above.

    Raises:
        ValueError: `weights` is neither; "increments" of a width below two, which have no
            standard deviation.
    """
    if weights not in ("process", "increments"):
        raise ValueError(f"smooth weights are 'process' or 'increments', not {weights!r}")
    if weights == "increments" and width < 2:
        raise ValueError(f"the width must be two or more for increments, not {width}")
    if weights == "process":
        basis = smooth_basis(np.arange(depth) / depth)
    else:
        basis = np.diff(smooth_basis(np.arange(depth + 1) / depth), axis=0)
    factor = torch.from_numpy(basis).to(stream.device, torch.float32)
    paths = factor @ stream.normal(basis.shape[1], matrices * width * width)
    paths = paths.view(depth, matrices, width, width)
    if weights == "increments":
        paths /= paths.std(dim=(2, 3)).mean(dim=0)[None, :, None, None]
    return paths


def networks_at_once(depth: int, width: int, matrices: int) -> int:
    """Return for how many networks of `matrices` weight matrices a layer all weights are kept."""
    return max(1, _KEPT_WEIGHTS // (matrices * depth * width**2))


def smooth_weights(
    depth: int,
    width: int,
    beta: float,
    networks: int,
    seed: Randomness,
    *,
    weights: SmoothWeights,
    inputs: str,
    progress: Report = no_progress,
) -> LogRatios:
    """Return the ratios of networks with smooth weights, fresh data and weights each.

    Raises:
        ValueError: see `smooth_layers`; or unknown inputs.

    Returns:
        log-ratios of shape (networks,), outputs and gradients.
    """
    stream = as_stream(seed)
    # ReLU is positively homogeneous, so the scales of V and W may be multiplied into α.
    alpha = scaling_factor(depth, beta) / width
    batch = min(networks, networks_at_once(depth, width, 2))

    def side_by_side(count: int) -> LogRatios:
        # The last batch is computed whole and cut, so that every batch has the same shape.
        start = first_layer(stream, batch, 1, width, "uniform", inputs)
        last = unit_matrix(stream, "uniform", batch, 1, width)
        paths = smooth_layers(depth, 2 * batch, width, weights, stream)
        layers = [tuple(layer) for layer in paths.view(depth, 2, batch, width, width)]
        active = torch.empty(depth, batch, 1, width, dtype=torch.bool, device=stream.device)
        end = propagate(start, layers.__getitem__, alpha, depth, active)
        back = backpropagate(last, layers.__getitem__, alpha, active)
        ratios = (*compare(end, start), *compare(back, last))
        return LogRatios(*(ratio[:count, 0] for ratio in ratios))

    return LogRatios.in_batches(networks, batch, side_by_side, progress)
