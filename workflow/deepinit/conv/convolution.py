"""Squared length in random convolutional ReLU networks, with every weight drawn.

a_{j+1} = ReLU(w_{j+1} * a_j), k × k kernels at stride 1, no bias, weights N(0, 2/(k² C_in)),
M_j = ‖a_j‖²/(C_j P) over C channels and P pixels. All networks see the same image. Lengths are
tracked as logarithms: activations are brought back to M = 1 after every layer. A network with
all units of a layer off is dead, and its logarithm is −∞ from there on. The theory is in
`deepinit.conv.convolution_theory`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch.nn import functional

from deepinit.conv.convolution_theory import Padding, check_kernel, check_networks, kept_share
from deepinit.random import as_stream
from deepinit.results import Result
from deepinit.seeds import Randomness, as_generator

_PAD_MODE = {"circular": "circular", "zero": "constant"}
# Numbers in the patches of one layer at a time: more leave the cache and are slower.
_PATCH_NUMBERS = 1 << 22


def smooth_image(
    side: int, channels: int, smoothness: float, seed: Randomness
) -> NDArray[np.float32]:
    """Return a random smooth image with values in [0, 1], shape (channels, side, side).

    White noise blurred by a Gaussian of standard deviation `smoothness` pixels, each channel
    half its own and half common to all, as colours of photographs are, then stretched to
    [0, 1]. The borders are not periodic.

    Raises:
        ValueError: a single pixel, which has no range.
    """
    if side < 2:
        raise ValueError(f"the image needs a side of two pixels or more, not {side}")
    noise = as_generator(seed).standard_normal((channels + 1, side, side))
    smooth = ndimage.gaussian_filter(noise, (0, smoothness, smoothness), mode="reflect")
    image = smooth[:-1] + smooth[-1]
    image -= image.min()
    return (image / image.max()).astype(np.float32)


def networks_at_once(image: NDArray[np.float32], channels: int, kernel: int) -> int:
    """Return how many networks are best computed side by side: their patches fit the cache."""
    return max(1, _PATCH_NUMBERS // (channels * kernel**2 * image.shape[1] * image.shape[2]))


def convolve(activation: torch.Tensor, weights: torch.Tensor, padding: Padding) -> torch.Tensor:
    """Return the pre-activations of one layer, each network with its own weights.

    Args:
        activation: shape (networks, C_in, rows, columns).
        weights: shape (networks, C_out, C_in, k, k), k odd.

    Returns:
        Tensor of shape (networks, C_out, rows, columns).
    """
    networks, _, rows, columns = activation.shape
    kernel = weights.shape[-1]
    padded = functional.pad(activation, [kernel // 2] * 4, mode=_PAD_MODE[padding])
    patches = functional.unfold(padded, kernel)
    return torch.bmm(weights.flatten(2), patches).view(networks, -1, rows, columns)


@dataclass(frozen=True)
class Layer:
    """One layer of all networks.

    Attributes:
        number: j.
        activation: a_j brought to M = 1, shape (networks, channels, rows, columns).
        log_length: log M_j/M_0, float64, shape (networks,); −∞ if dead.
        growth: M_j/E[M_j | a_{j−1}], float64, shape (networks,): mean 1 given any live layer below.
            It is 0 where the network dies in this layer or was dead before.
    """

    number: int
    activation: torch.Tensor
    log_length: torch.Tensor
    growth: torch.Tensor


def propagate(
    image: NDArray[np.float32],
    channels: int,
    depth: int,
    networks: int,
    seed: Randomness,
    *,
    kernel: int,
    padding: Padding,
) -> Iterator[Layer]:
    """Yield the layers j = 1 … depth of `networks` random networks that see `image`.

    Args:
        image: shape (C_0, rows, columns).
        kernel: side k of the kernels, odd.

    Raises:
        ValueError: an even kernel, one that wraps around more than once, an unknown padding, no
            networks, or an image of zeros or of another shape.
    """
    check_kernel(kernel)
    image = np.asarray(image, dtype=np.float32)
    check_networks(image, networks)
    if padding == "circular" and kernel // 2 > min(image.shape[1:]):
        raise ValueError(f"a kernel of side {kernel} wraps around this image more than once")
    stream, tiny = as_stream(seed), torch.finfo(torch.float32).tiny
    share = torch.from_numpy(kept_share(*image.shape[1:], kernel, padding)).float()
    share = share.to(stream.device)
    source = torch.from_numpy(image).to(stream.device)
    activation = (source / source.square().mean().sqrt()).expand(networks, *image.shape)
    log_length = torch.zeros(networks, dtype=torch.float64, device=stream.device)
    for number in range(1, depth + 1):
        fan_in = activation.shape[1] * kernel**2
        weights = stream.normal(networks, channels, activation.shape[1], kernel, kernel)
        weights.mul_((2 / fan_in) ** 0.5)
        expected = (activation.square() * share).mean(dim=(1, 2, 3)).clamp_min(tiny)
        activation = convolve(activation, weights, padding).relu_()
        length = activation.square().mean(dim=(1, 2, 3))
        log_length = log_length + length.double().log()
        activation /= length.sqrt().clamp_min(tiny)[:, None, None, None]
        yield Layer(number, activation, log_length, (length / expected).double())


@dataclass(frozen=True)
class ConvolutionLengths(Result):
    """Lengths of many networks; all arrays of shape (networks, depth).

    Attributes:
        log_length: log M_j/M_0 for j = 1 … depth; −∞ if dead.
        mean_growth: 1 + (1/j) Σ_{i≤j} (G_i − 1), G_i = M_i/E[M_i | a_{i−1}], over the layers i
            whose layer below was alive. Its mean is 1 and its variance at most 5/(C j), at any
            depth (the G_i − 1 are uncorrelated): E M can be tested where M itself is heavy-tailed.
        map_contrast: standard deviation over pixels over the mean, of the channel with the largest
            length; NaN if dead.
    """

    axes: ClassVar[tuple[str, ...]] = ("network", "layer")
    log_length: NDArray[np.float64]
    mean_growth: NDArray[np.float64]
    map_contrast: NDArray[np.float64]


def _contrast(activation: torch.Tensor) -> NDArray[np.float64]:
    """Return the contrast of each network's channel with the largest length, (networks,)."""
    longest = activation.square().mean(dim=(2, 3)).argmax(dim=1)
    networks = torch.arange(len(activation), device=activation.device)
    maps = activation[networks, longest].flatten(1).double().cpu().numpy()
    means = maps.mean(axis=1)
    return np.divide(maps.std(axis=1), means, out=np.full(len(maps), np.nan), where=means > 0)


def lengths(
    image: NDArray[np.float32],
    channels: int,
    depth: int,
    networks: int,
    seed: Randomness,
    *,
    kernel: int,
    padding: Padding,
) -> ConvolutionLengths:
    """Return lengths and contrast after every layer; arguments and errors are those of `propagate`."""
    logs, growths, contrasts = (np.empty((networks, depth)) for _ in range(3))
    layers = propagate(image, channels, depth, networks, seed, kernel=kernel, padding=padding)
    for layer in layers:
        logs[:, layer.number - 1] = layer.log_length.cpu().numpy()
        growths[:, layer.number - 1] = layer.growth.cpu().numpy()
        contrasts[:, layer.number - 1] = _contrast(layer.activation)
    alive_below = np.isfinite(np.concatenate([np.zeros((networks, 1)), logs[:, :-1]], axis=1))
    excess = np.where(alive_below, growths - 1, 0).cumsum(axis=1)
    return ConvolutionLengths(logs, 1 + excess / np.arange(1, depth + 1), contrasts)
