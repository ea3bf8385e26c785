"""Squared length of deep zero-padded convolutional ReLU networks, any law of the weights, fast.

The networks are those of `deepinit.conv.convolution` with padding "zero": the same stream gives the
same weights there (He normal) and here, and lengths agree up to rounding. Its convolutions
are those of `deepinit.conv.padded_maps`.
"""

from dataclasses import dataclass
from math import log

import numpy as np
import torch
from numpy.typing import NDArray

from deepinit.conv.convolution_theory import check_kernel, check_networks, kept_share
from deepinit.conv.padded_maps import PaddedMaps
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.random import RandomStream, as_stream
from deepinit.results import Result
from deepinit.seeds import Randomness
from deepinit.weights import draw_weights

_TINY = torch.finfo(torch.float32).tiny


@dataclass(frozen=True)
class FinalLengths(Result):
    """Lengths of many networks after the last layer; all arrays of shape (networks,).

    Attributes:
        log_length: log M_d/M_0; −∞ if dead.
        mean_growth: 1 + (1/d) Σ_j (G_j − 1), G_j = M_j/E[M_j | a_{j−1}], over the layers whose layer
            below was alive. Its mean is 1 at any depth, however heavy-tailed M_d is, if a layer's mean
            is what the variance of the weights says (the G_j − 1 are uncorrelated).
    """

    log_length: NDArray[np.float64]
    mean_growth: NDArray[np.float64]


class _Lengths:
    """M of maps, and what of it the next layer sees.

    A pixel counts in the next layer by the share of the k² patches that it is in: less than one in the
    k//2 outermost rows and columns.
    """

    def __init__(self, maps: PaddedMaps, kernel: int) -> None:
        channels, rows, stride = maps.rows.shape[1:]
        share = np.zeros((rows, stride))
        share[:, : maps.columns] = kept_share(rows, maps.columns, kernel, "zero")
        self._root = torch.from_numpy(np.sqrt(share).ravel()).float().to(maps.rows.device)
        self._count = channels * rows * maps.columns

    def __call__(self, activation: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return M, and E of the next M at variance 2/fan-in, both of shape (networks,).

        Args:
            activation: shape (networks, channels, rows (columns + reach)), contiguous.
        """
        sums = (
            torch.linalg.vector_norm(numbers.flatten(1), dim=1).square()
            for numbers in (activation, activation * self._root)
        )
        mean, kept = (total / self._count for total in sums)
        return mean, kept


def _shift_weights(weights: torch.Tensor, kernel: int) -> torch.Tensor:
    """Return (networks, C_out, C_in k²) as (k², networks, C_out, C_in)."""
    networks, fan_out, fan_in = weights.shape
    shape = (networks, fan_out, fan_in // kernel**2, kernel**2)
    return weights.view(shape).permute(3, 0, 1, 2).contiguous()


def log_gain(
    law: str, other: str, image_channels: int, channels: int, depth: int, kernel: int
) -> float:
    """Return log M_d under one law less that under another of the same shape, same random numbers.

    ReLU networks without biases are homogeneous: scaling a layer's weights by c scales M_d by c². So
    it is the sum over layers of the logarithm of the ratio of the two variances; of Glorot's in the first
    layer the fans differ.

    Raises:
        ValueError: the laws differ in more than their scale.
    """
    laws = WEIGHT_LAWS[law], WEIGHT_LAWS[other]
    if laws[0].shape != laws[1].shape:
        raise ValueError(f"'{law}' is not '{other}' times a number")
    area, total = kernel**2, 0.0
    for fan_in, layers in ((image_channels, 1), (channels, depth - 1)):
        first, second = (one.variance(channels * area, fan_in * area) for one in laws)
        total += layers * log(first / second)
    return total


def final_lengths(
    image: NDArray[np.float32],
    channels: int,
    depth: int,
    networks: int,
    seed: Randomness,
    *,
    law: str = "he_normal",
    kernel: int = 3,
) -> FinalLengths:
    """Return the lengths after the last layer of networks computed side by side.

    Activations are brought back to M = 1 by the next layer's weights, so that neither deep nor badly
    scaled networks leave the range of float32.

    Args:
        image: shape (C_0, rows, columns).
        channels: C, of every layer.
        law: of the weights, a key of `deepinit.initialisers.WEIGHT_LAWS` with independent weights.
        kernel: side k of the kernels, odd.

    Raises:
        ValueError: an unknown law, or that of orthogonal weights; an even kernel; no networks, or an
            image of zeros or of another shape.
    """
    if law not in WEIGHT_LAWS or WEIGHT_LAWS[law].kurtosis is None:
        raise ValueError(f"law must be one of WEIGHT_LAWS with independent weights, not {law!r}")
    check_kernel(kernel)
    check_networks(image, networks)
    stream, reach = as_stream(seed), kernel // 2
    device, sides = stream.device, image.shape[1:]
    # All networks see one image: for the first layer they are one network of many channels.
    source = PaddedMaps(1, image.shape[0], *sides, reach, device)
    size = np.sqrt(np.square(image.astype(np.float64)).mean()).astype(np.float32)
    source.rows[0, :, :, : sides[1]] = torch.from_numpy(image / size).to(device)
    maps = PaddedMaps(networks, channels, *sides, reach, device)
    out = torch.empty(networks, channels, maps.shifted(0).shape[-1], device=device)
    log_length = torch.zeros(networks, dtype=torch.float64, device=device)
    excess = torch.zeros_like(log_length)
    mean, seen = _Lengths(source, kernel)(source.shifted(0))
    lengths = _Lengths(maps, kernel)
    for number in range(depth):
        below = source if number == 0 else maps
        fan_in = below.rows.shape[1] * kernel**2
        weights, gain = _draw(law, stream, networks, channels, fan_in, kernel)
        weights *= mean.clamp_min(_TINY).rsqrt()[:, None, None]
        parts = _shift_weights(weights, kernel)
        if number == 0:
            parts = parts.flatten(1, 2).unsqueeze(1)
            source.convolve(parts, out.view(1, networks * channels, -1))
        else:
            maps.convolve(parts, out)
        maps.set_relu(out)
        alive, expected = mean > 0, gain * seen / mean.clamp_min(_TINY)
        mean, seen = lengths(out)
        log_length += mean.double().log()
        excess += torch.where(alive, (mean / expected.clamp_min(_TINY)).double() - 1, 0)
    return FinalLengths(log_length.cpu().numpy(), (1 + excess / depth).cpu().numpy())


def _draw(
    law: str, stream: RandomStream, networks: int, channels: int, fan_in: int, kernel: int
) -> tuple[torch.Tensor, float]:
    """Return the weights of one layer, shape (networks, channels, fan-in), and variance · fan-in/2.

    The fan-out is k² times the channels.
    """
    weights = draw_weights(WEIGHT_LAWS[law], stream, networks, channels, fan_in)
    given = WEIGHT_LAWS[law].variance(channels, fan_in)
    wanted = WEIGHT_LAWS[law].variance(channels * kernel**2, fan_in)
    if wanted != given:
        weights *= (wanted / given) ** 0.5
    return weights, wanted * fan_in / 2
