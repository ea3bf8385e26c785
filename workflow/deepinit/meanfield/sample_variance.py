"""Sample mean and sample variance, layer by layer, of finite ReLU networks (Luther & Seung 2019).

y_0 = W_0 x, y_l = W_l ReLU(y_{l−1}), constant width N, W_ij ~ N(0, 2/N), no bias, white-noise
inputs x ~ N(0, I)/√2, so that y_0 has unit variance. Per network and layer, over T inputs and
N units,

    v² = mean_i var_t y_i(t)                (unbiased, T − 1 in the denominator)
    m² = mean_i (mean_t y_i(t))² − v²/T     (unbiased: the mean of T samples has variance v²/T)

Any other `step` may stand for ReLU: another activation φ with W_ij ~ N(0, g/N) and x ~ N(0, I)/√g, or
a normalisation followed by ReLU. The theory is in `deepinit.meanfield.arc_cosine`,
`deepinit.meanfield.activation_kernels` and `deepinit.meanfield.normalisation_theory`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from deepinit.progress import Report, no_progress
from deepinit.random import RandomStream, as_stream
from deepinit.results import Result
from deepinit.seeds import Randomness


@dataclass(frozen=True)
class SampleStatistics(Result):
    """Unbiased estimates, one per network and layer, float64, shape (networks, layers).

    Attributes:
        squared_mean: m²; may be slightly negative where it is zero in the limit.
        variance: v²; m² + v² is the mean square.
    """

    axes: ClassVar[tuple[str, ...]] = ("network", "layer")
    squared_mean: torch.Tensor
    variance: torch.Tensor


def next_preactivations(
    activations: torch.Tensor, variance: float, stream: RandomStream, reduced: bool
) -> torch.Tensor:
    """Return pre-activations W x for a fresh Gaussian W; shape (networks, units, samples).

    Args:
        activations: x, shape (networks, units, samples).
        variance: variance of the entries of W.
        reduced: draw the pre-activations from their exact law without drawing W. With
            x = Q R, Q having orthonormal columns, the entries of W Q are independent like
            those of W, so a normal matrix of shape (units, samples) times R has the law of
            W x, whatever the rank of x. Cheaper than W when there are fewer samples than units.

    Raises:
        ValueError: `reduced` with more samples than units (Q would not be of full rank).
    """
    networks, width, samples = activations.shape
    if not reduced:
        weights = stream.normal(networks, width, width)
        nothing = activations.new_empty(1, 1, 1)
        return torch.baddbmm(nothing, weights, activations, beta=0, alpha=variance**0.5)
    if samples > width:
        raise ValueError(f"the reduced sampler needs samples <= units, not {samples} > {width}")
    factor = torch.linalg.qr(activations, mode="r").R.mul_(variance**0.5)
    return torch.bmm(stream.normal(networks, width, samples), factor)


def sample_statistics(
    width: int, layers: int, samples: int, networks: int, seed: Randomness, **options: Any
) -> SampleStatistics:
    """Return m² and v² of independent networks, layer by layer.

    Args:
        samples: T, inputs per network, fresh for each network.
        options: `step`, `gain`, `input_correlation`, `reduced`, `batch` and `progress`, as in
            `nested_sample_statistics`.
    """
    return nested_sample_statistics(width, layers, [samples], networks, seed, **options)[0]


def nested_sample_statistics(
    width: int,
    layers: int,
    samples: Sequence[int],
    networks: int,
    seed: Randomness,
    *,
    step: Callable[[torch.Tensor], torch.Tensor] = torch.relu_,
    gain: float = 2.0,
    input_correlation: float = 0.0,
    reduced: bool | None = None,
    batch: int | None = None,
    progress: Report = no_progress,
) -> list[SampleStatistics]:
    """Return m² and v² of the same networks from their first inputs, one entry per number of them.

    Args:
        samples: numbers of inputs, ascending: T inputs are fresh for each network.
        step: y_l ↦ x_l, tensors of shape (networks, units, samples); may change y_l.
        gain: g, N times the variance of the weights.
        input_correlation: c_0, the share of the inputs' variance that all inputs of a network
            have in common.
        reduced: see `next_preactivations`; None chooses it where it is cheaper.
        batch: networks computed side by side; None keeps about 16 MB of activations.

    Raises:
        ValueError: fewer than two inputs, which have no variance, or numbers that do not ascend.
    """
    if min(samples) < 2:
        raise ValueError(f"a variance over inputs needs two or more, not {min(samples)}")
    if list(samples) != sorted(samples):
        raise ValueError(f"numbers of inputs must ascend, not be {list(samples)}")
    stream, most = as_stream(seed), samples[-1]
    reduced = most * 3 <= width if reduced is None else reduced
    batch = batch or max(1, min(networks, 4_000_000 // (width * max(most, width))))
    shape = (2, networks, layers)
    found = [SampleStatistics(*torch.empty(shape, dtype=torch.float64)) for _ in samples]
    for start in range(0, networks, batch):
        count = min(batch, networks - start)
        x = stream.normal(count, width, most).mul_(((1 - input_correlation) / gain) ** 0.5)
        if input_correlation:
            x += stream.normal(count, width, 1).mul_((input_correlation / gain) ** 0.5)
        for layer in range(layers):
            y = next_preactivations(x, gain / width, stream, reduced)
            for number, statistics in zip(samples, found, strict=True):
                m2, v2 = _mean_and_variance(y[..., :number])
                statistics.squared_mean[start : start + count, layer] = m2.cpu()
                statistics.variance[start : start + count, layer] = v2.cpu()
            x = step(y)
        progress(start + count, networks)
    return found


def _mean_and_variance(preactivations: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the estimates of m² and v², shape (networks,), of (networks, units, samples)."""
    samples = preactivations.shape[2]
    mean = preactivations.mean(dim=2, keepdim=True)
    deviation = torch.linalg.vector_norm(preactivations - mean, dim=2).double()
    v2 = deviation.square().mean(dim=1) / (samples - 1)
    return mean.double().square().mean(dim=(1, 2)) - v2 / samples, v2
