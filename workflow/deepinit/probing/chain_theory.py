"""What theory says of a chain of fully connected layers with weights of any variance (derived here).

Layer l has n_l units, independent weights of variance g_l/n_{l−1} and biases of variance b_l;
M_l = mean_i φ(y_l)_i², M_0 that of the inputs, q_l = σ² of y_l and c_l = m²/σ² over the inputs. At
infinite width

    q_l = g_l M_{l−1} + b_l,   M_l = E φ(√q_l z)²,
    c_l = (g_l C_{l−1} + b_l)/q_l,   C_0 = c_in M_0,   C_l = E φ(√q_l z) φ(√q_l z′),

z and z′ standard normal with the correlation c_l (`deepinit.meanfield.any_activation`). For ReLU without
biases M_l = M_0 Π g_i/2 is the exact mean at any width; then, with independent Gaussian weights, log M_l has
the exact mean and variance of `deepinit.dense.length_moments` (other laws of the weights change them in
order 1/n²), and the squared norm of the gradient grows by g_l/2 from layer l to layer l − 1, in the mean.

With batch normalisation before ReLU, see `deepinit.meanfield.normalisation_theory` and
`deepinit.meanfield.gradients_theory`; layer normalisation is the identity at infinite width where q = 1,
so that c_l is as with g = 2 and without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepinit.dense.empirical_variance_theory import log_mean_empirical_variance, log_second_moments
from deepinit.dense.length_moments import log_factor_moments
from deepinit.meanfield.activation_kernels import Function
from deepinit.meanfield.any_activation import activation_gain, correlation_map

_SMALLEST = 1e-200


@dataclass(frozen=True)
class MeanField:
    """A chain at infinite width.

    Attributes:
        log_lengths: log E M_l/M_0, l = 0 … d.
        correlations: c_1 … c_{d+1} of the pre-activations, or as many as there are layers.
    """

    log_lengths: NDArray[np.float64]
    correlations: NDArray[np.float64]


def mean_field(
    function: Function,
    gains: Sequence[float],
    biases: Sequence[float],
    mean_square: float,
    correlation: float,
) -> MeanField:
    """Return lengths and correlations of a chain.

    Args:
        function: φ.
        gains: g_l = fan-in · E w², of each layer.
        biases: b_l = E b², of each layer.
        mean_square: M_0.
        correlation: c_in of the inputs, in [−1, 1].
    """
    lengths, correlations = [max(mean_square, _SMALLEST)], []
    product = correlation * lengths[0]
    for gain, bias in zip(gains, biases, strict=True):
        q = max(gain * lengths[-1] + bias, _SMALLEST)
        c = float(np.clip((gain * product + bias) / q, -1, 1))
        correlations.append(c)
        # Relative to √q, lest squares of small numbers vanish.
        scaled = _scaled(function, np.sqrt(q))
        length = q / activation_gain(scaled)
        product = length * correlation_map(scaled)(c)
        lengths.append(max(length, _SMALLEST))
    return MeanField(np.log(lengths) - np.log(lengths[0]), np.array(correlations))


def _scaled(function: Function, size: float) -> Function:
    return lambda z: function(size * z) / size


@dataclass(frozen=True)
class ReluLengths:
    """Exact, for independent Gaussian weights without biases, given that all layers live.

    Attributes:
        mean: E log M_d/M_0 at every layer, l = 0 … d.
        deviation: standard deviation of it.
        log_mean_variance: log E V̂, the empirical variance of M_1 … M_d, M_0 = 1.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    log_mean_variance: float


def relu_lengths(widths: Sequence[int], gains: Sequence[float]) -> ReluLengths:
    """Return the distribution of lengths of layers with these widths n_1 … n_d and gains."""
    factors = np.array([log_factor_moments(width) for width in widths])
    shift = np.log(np.asarray(gains) / 2)
    mean = np.concatenate([[0], np.cumsum(factors[:, 0] + shift)])
    deviation = np.sqrt(np.concatenate([[0], np.cumsum(factors[:, 1])]))
    drift = np.cumsum(shift)
    variance = -np.inf
    if len(widths) > 1:
        variance = log_mean_empirical_variance(log_second_moments(widths) + 2 * drift, drift)
    return ReluLengths(mean, deviation, variance)
