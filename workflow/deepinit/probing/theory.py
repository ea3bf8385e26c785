"""What theory says of the networks that were measured, where it covers them: fully connected chains."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepinit.meanfield.any_activation import activation_gain
from deepinit.meanfield.gradients_theory import batch_norm_growth
from deepinit.meanfield.normalisation_theory import batch_norm_squared_mean
from deepinit.probing import chain_theory
from deepinit.probing.chain_theory import ReluLengths
from deepinit.probing.networks import Measured


@dataclass(frozen=True)
class Theory:
    """None for what is not covered.

    Attributes:
        log_lengths: log E M_l/M_0, l = 0 … d.
        correlations: c of the pre-activations of each layer.
        gradient_growth: factor of the gradient's norm from one layer back to the one before.
        relu: the distribution of lengths.
        gain: fan-in · E w², mean over the hidden layers of a chain without normalisation.
        needed: g with which its activation keeps a mean square of 1.
        dependent: whether biases undo the means of what goes in, as after `deepinit.sample_init_`, where
            no theory of independent weights and biases holds.
        kept: what would be left of v²/(m² + v²) in the last layer with g and without biases.
    """

    log_lengths: NDArray[np.float64] | None = None
    correlations: NDArray[np.float64] | None = None
    gradient_growth: float | None = None
    relu: ReluLengths | None = None
    gain: float | None = None
    needed: float | None = None
    kept: float | None = None
    dependent: bool = False


def _are_dependent(measured: Measured, layers: tuple[int, ...], biases: list[float]) -> bool:
    """Return whether means over inputs are smaller than biases, although independent ones add to m²."""
    if measured.samples < 2:
        return False
    outputs = measured.values["outputs"]
    squared_mean, square = (
        float(outputs[name][:, list(layers)].mean()) for name in ("squared_mean", "mean_square")
    )
    bias = float(np.mean(biases))
    # Smaller biases than a hundredth of the mean square may be hidden by the estimate of m².
    return bias > square / 100 and squared_mean < bias / 2


def theory_of(measured: Measured) -> Theory:
    """Return the theory of a fully connected chain, or nothing."""
    chain = measured.structure.chain
    if chain is None or measured.layers[chain.layers[0]].inputs is None:
        return Theory()
    layers = [measured.layers[number] for number in chain.layers]
    gains = [layer.fan_in * layer.weight_square for layer in layers]
    biases = [layer.bias_square for layer in layers]
    hidden = layers if chain.last else layers[:-1]
    start = layers[0].inputs
    inputs = 1.0 if measured.samples < 2 else start.squared_mean / start.mean_square
    inputs = float(np.clip(inputs, -1, 1)) if np.isfinite(inputs) else 1.0
    relu = chain.activation == "ReLU"
    if chain.normalisation:
        batch, layer = "Batch" in chain.normalisation, chain.normalisation == "LayerNorm"
        if not (relu and measured.samples >= 4 and (batch or layer)):
            return Theory()
        if layer:
            normal = [2.0] * len(layers), [0.0] * len(layers)
            field = chain_theory.mean_field(chain.function, *normal, 1.0, inputs)
            return Theory(correlations=field.correlations)
        above = [batch_norm_squared_mean(measured.samples)] * (len(layers) - 1)
        same = len({layer.width for layer in hidden}) == 1
        growth = math.sqrt(batch_norm_growth(measured.samples)) if same else None
        return Theory(correlations=np.array([inputs, *above]), gradient_growth=growth)
    if _are_dependent(measured, chain.layers, biases):
        return Theory(dependent=True)
    field = chain_theory.mean_field(chain.function, gains, biases, start.mean_square, inputs)
    lengths = field.log_lengths[: len(hidden) + 1]
    correlations = field.correlations if measured.samples > 1 else None
    mean_gain = float(np.mean(gains[: len(hidden)]))
    needed = activation_gain(chain.function)
    right = chain_theory.mean_field(
        chain.function, [needed] * len(layers), [0.0] * len(layers), 1.0, inputs
    )
    weights = {"gain": mean_gain, "needed": needed, "kept": 1 - right.correlations[-1]}
    if not relu:
        return Theory(lengths, correlations, **weights)
    # From the last hidden layer back to the first.
    passed = np.array(gains[1 : len(hidden)])
    back = float(np.exp(np.log(passed / 2).mean() / 2)) if passed.size and all(gains) else None
    plain = not any(biases) and not any(layer.orthogonal for layer in hidden) and all(gains)
    exact = None
    if plain:
        exact = chain_theory.relu_lengths([layer.width for layer in hidden], gains[: len(hidden)])
    return Theory(lengths, correlations, back, exact, **weights)
