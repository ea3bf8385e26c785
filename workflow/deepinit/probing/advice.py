"""What helps, each with its number: sentences for findings that something is wrong."""

import math

import numpy as np
from numpy.typing import NDArray

from deepinit.meanfield.gradients_theory import batch_norm_growth
from deepinit.probing.growth import Growth
from deepinit.probing.networks import Measured
from deepinit.probing.theory import Theory

#: Modules whose size does not follow from the variance of their weights alone.
_RECURRENT = ("RNN", "GRU", "LSTM", "RNNCell", "GRUCell", "LSTMCell")
#: Inputs are told apart while v² is more than this share of m² + v².
INDISTINGUISHABLE = 0.05


def one_place(squares: NDArray[np.float64]) -> tuple[int, float] | None:
    """Return the step in which most of the way from the first column to the last is made, if there is one.

    Args:
        squares: shape (N, places).

    Returns:
        the number of the step, from 0, and its median in log10.
    """
    with np.errstate(divide="ignore"):
        logs = np.log10(squares)
    logs = logs[np.isfinite(logs).all(axis=1)]
    if len(logs) < 2 or logs.shape[1] < 4:
        return None
    steps = np.median(np.diff(logs, axis=1), axis=0)
    largest = int(np.abs(steps).argmax())
    if steps[largest] * np.sign(steps.sum()) <= 0.6 * abs(steps.sum()):
        return None
    return largest, float(steps[largest])


def size_advice(measured: Measured, theory: Theory, growth: Growth) -> str:
    """Return what keeps a mean square that grows; "" where no number is known to do so."""
    if branches := len(measured.structure.additions):
        return f"Multiply each branch by 1/√L = {branches**-0.5:.2g}, or normalise the stream."
    if theory.gain is None:
        # Only where lengths are those of the weights: scaling what is normalised or averaged afterwards,
        # or stands beside a bias, does not help.
        if any(
            layer.kind in ("normalisation", "attention")
            or layer.module in _RECURRENT
            or "Pool" in layer.module
            for layer in measured.layers
        ):
            return ""
        if any(layer.bias_square for layer in measured.layers):
            return (
                "Fully connected layers with ReLU want a variance of 2/fan-in and biases of zero."
            )
        factor = 1 / growth.per_layer.value
        return (
            f"Multiply the variance of the weights of every layer by {factor:.2g}; ReLU layers need "
            "2/fan-in."
        )
    return (
        f"Weights have a variance of {theory.gain:.3g}/fan-in; with {measured.structure.chain.activation}, "
        f"{theory.needed:.3g}/fan-in and no biases keep a mean square of 1."
    )


def differences_advice(measured: Measured, theory: Theory, depth: int) -> str:
    """Return what keeps inputs apart over `depth` layers, and its price."""
    if theory.kept is not None and theory.kept > INDISTINGUISHABLE:
        return (
            f"With a variance of {theory.needed:.3g}/fan-in and no biases a share {theory.kept:.2g} would "
            f"stay, with {measured.structure.chain.activation} at infinite width."
        )
    if any("BatchNorm" in layer.module for layer in measured.layers):
        return ""
    growth = math.sqrt(batch_norm_growth(max(measured.samples, 4)))
    decades = depth * math.log10(growth)
    return (
        "Batch normalisation or deepinit.sample_init_ stops this in a plain ReLU network (c = 0.32), at "
        f"the price of gradients {growth:.3g} times as large per layer, 10^{decades:.1f} times over {depth}; "
        f"a residual stream with branches scaled by 1/√L = {depth**-0.5:.2g} is the other way."
    )


def gradients_advice(measured: Measured, theory: Theory, growth: Growth) -> str:
    """Return what keeps gradients from growing or vanishing."""
    batch = any("BatchNorm" in layer.module for layer in measured.layers)
    if measured.structure.additions or not (batch or theory.dependent):
        return size_advice(measured, theory, growth)
    what = "batch normalisation" if batch else "sample initialisation"
    return (
        f"This is the price of {what}, 1.21 a layer in a plain ReLU network; fewer layers, or residual "
        f"branches scaled by 1/√L = {growth.layers**-0.5:.2g}, lower it."
    )
