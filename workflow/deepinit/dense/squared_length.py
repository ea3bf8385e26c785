"""Squared activation length of random fully connected ReLU networks (Hanin & Rolnick 2018).

a_j = ReLU(W_j a_{j−1}), no bias, M_j = ‖a_j‖²/n_j, input with M_0 = 1. Lengths are tracked as
logarithms: the activation is brought back to unit length after every layer, so that neither
deep nor badly scaled networks leave the range of float32. A network with all units of a layer
off is *dead*: its length is zero from there on and its logarithm is reported as −∞.

The theory is in `deepinit.dense.length_moments`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch

from deepinit.initialisers import WEIGHT_LAWS, WeightLaw
from deepinit.random import RandomStream, as_stream
from deepinit.results import Result
from deepinit.seeds import Randomness
from deepinit.weights import draw_weights

DrawPreactivations = Callable[[torch.Tensor, int], torch.Tensor]
# Weights drawn at a time: what fits the cache and leaves memory to other jobs.
_WEIGHTS_AT_ONCE = 1 << 22


def explicit_preactivations(law: WeightLaw, stream: RandomStream) -> DrawPreactivations:
    """Return a function (a, n) ↦ W a that draws every weight; a has shape (networks, fan-in)."""

    def draw(activation: torch.Tensor, fan_out: int) -> torch.Tensor:
        networks, fan_in = activation.shape
        weights = draw_weights(law, stream, networks, fan_out, fan_in)
        return torch.bmm(weights, activation.unsqueeze(2)).squeeze(2)

    return draw


def reduced_preactivations(law: WeightLaw, stream: RandomStream) -> DrawPreactivations:
    """Return a function (a, n) ↦ W a that draws W a from its exact law, O(n) numbers a layer.

    Gaussian weights of variance s²: W a ~ N(0, s² ‖a‖² I). Square orthogonal weights √2 Q: Q a
    is uniform on the sphere of radius ‖a‖, that is, a normal vector brought to that length.

    Raises:
        ValueError: the law is neither Gaussian nor orthogonal, or orthogonal and not square.
    """
    orthogonal = law.name == "orthogonal"
    if not (law.is_gaussian or orthogonal):
        raise ValueError(f"no reduced sampler for '{law.name}': only Gaussian and orthogonal laws")

    def draw(activation: torch.Tensor, fan_out: int) -> torch.Tensor:
        networks, fan_in = activation.shape
        length = activation.norm(dim=1, keepdim=True)
        numbers = stream.normal(networks, fan_out)
        if orthogonal:
            if fan_in != fan_out:
                raise ValueError("the reduced sampler for orthogonal weights needs square layers")
            return numbers * (2**0.5 * length / numbers.norm(dim=1, keepdim=True))
        return numbers * (law.variance(fan_out, fan_in) ** 0.5 * length)

    return draw


def log_length(
    widths: Sequence[int],
    input_dimension: int,
    networks: int,
    stream: RandomStream,
    draw: DrawPreactivations,
) -> torch.Tensor:
    """Return log M_j for j = 1 … len(widths), float64, shape (networks, layers); −∞ if dead.

    The input is a fresh Gaussian direction per network with M_0 = 1.
    """
    activation = stream.normal(networks, input_dimension)
    activation /= activation.norm(dim=1, keepdim=True)
    log_norm = torch.full(
        (networks,), 0.5 * torch.tensor(float(input_dimension)).log().item()
    ).double()
    lengths = torch.empty(networks, len(widths), dtype=torch.float64)
    for layer, width in enumerate(widths):
        activation = draw(activation, width).relu_()
        norm = activation.norm(dim=1, keepdim=True)
        log_norm += norm.squeeze(1).double().log().cpu()
        lengths[:, layer] = 2 * log_norm - torch.tensor(float(width)).log()
        activation /= norm.clamp_min(torch.finfo(torch.float32).tiny)
    return lengths


@dataclass(frozen=True)
class Lengths(Result):
    """Lengths of many networks after every layer.

    Attributes:
        log_length: log M_j, j = 1 … d, float64, shape (networks, d); −∞ from a dead layer on.
    """

    axes: ClassVar[tuple[str, ...]] = ("network", "layer")
    log_length: torch.Tensor


def sample_lengths(
    widths: Sequence[int],
    networks: int,
    seed: Randomness,
    *,
    law: str = "he_normal",
    reduced: bool | None = None,
    input_dimension: int | None = None,
) -> Lengths:
    """Return the lengths M_j of independent networks, M_0 = 1.

    Args:
        widths: n_1 … n_d.
        law: of the weights, a key of `deepinit.initialisers.WEIGHT_LAWS`.
        reduced: draw pre-activations from their exact distribution instead of all weights; None
            does so for Gaussian laws, and for the orthogonal one where all widths are equal.
        input_dimension: n_0; None means n_1.

    Raises:
        ValueError: an unknown law, or one without reduced sampler for these widths; widths that are
            not one or more positive numbers; no networks.
    """
    if not len(widths) or min(widths) < 1:
        raise ValueError(f"widths must be one or more positive numbers, not {list(widths)}")
    if input_dimension is not None and input_dimension < 1:
        raise ValueError(f"input_dimension must be positive, not {input_dimension}")
    if law not in WEIGHT_LAWS:
        raise ValueError(f"law must be one of {', '.join(WEIGHT_LAWS)}, not {law!r}")
    stream, weights = as_stream(seed), WEIGHT_LAWS[law]
    first = input_dimension or widths[0]
    if reduced is None:
        reduced = weights.is_gaussian or (law == "orthogonal" and {first, *widths} == {first})
    draw = (reduced_preactivations if reduced else explicit_preactivations)(weights, stream)
    largest = max(n * m for n, m in zip([first, *widths], widths, strict=False))
    batch = networks if reduced else max(1, _WEIGHTS_AT_ONCE // largest)
    return Lengths.in_batches(
        networks, batch, lambda count: Lengths(log_length(widths, first, count, stream, draw))
    )
