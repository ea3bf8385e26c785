"""How much outputs and gradients of residual networks change: the sampler to start from.

Model res-3 of Marion et al. (2025) with iid weights of variance 1/d, as in `deepinit.resnet.ratios`. Gaussian
weights are not drawn at all, which is exact in distribution (`deepinit.resnet.ratios_without_weights`);
uniform ones are.
"""

from typing import Literal

import torch

from deepinit.progress import Report, no_progress
from deepinit.random import as_stream
from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.ratios import independent_weights
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from deepinit.seeds import Randomness


def sample_ratios(
    *,
    depth: int,
    width: int,
    beta: float,
    networks: int,
    seed: Randomness,
    weights: Literal["gaussian", "uniform"] = "gaussian",
    device: torch.device | str | None = None,
    progress: Report = no_progress,
) -> LogRatios:
    """Return ‖h_L‖/‖h_0‖, ‖h_L − h_0‖/‖h_0‖ and the same of gradients, as logarithms.

    Networks are independent, and computed in batches that take less than 1 GiB in all (one network
    with uniform weights at least 8 L d² bytes).

    Args:
        depth: L.
        width: d.
        beta: α = L^{−β}, β ≥ 0.
        seed: an integer or SeedSequence, the same numbers at every call; or a Generator or stream.
        weights: entries N(0, 1/d), or uniform on ±√(3/d) as in the released code (slower: 2 L d²
            numbers per network instead of 4 L d). Inputs are Gaussian.
        device: where it is computed; None means that of the stream, or the CPU.
        progress: called with networks done and in all.

    Returns:
        log-ratios of shape (networks,).

    Raises:
        TypeError: `seed` is not a valid seed.
        ValueError: `seed` is a stream on another device.
        ValueError: an unknown kind of weights, a size that is not positive, or β < 0.
    """
    if weights not in ("gaussian", "uniform"):
        raise ValueError(f"weights are 'gaussian' or 'uniform', not {weights!r}")
    for name, number in (("depth", depth), ("width", width), ("networks", networks)):
        if number < 1:
            raise ValueError(f"the {name} must be positive, not {number}")
    if not beta >= 0:
        raise ValueError(f"beta must be zero or positive, not {beta}")
    shape, stream = (depth, width, beta, networks), as_stream(seed, device)
    if weights == "gaussian":
        return independent_gaussian_weights(*shape, stream, progress=progress)
    return independent_weights(*shape, stream, law="uniform", inputs="gaussian", progress=progress)
