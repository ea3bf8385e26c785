"""Activations that are found by comparing what goes in with what comes out, and are φ for the theory."""

import numpy as np
from scipy import special

from deepinit.meanfield.activation_kernels import Function
from deepinit.probing.sums import Statistics

#: Activations that are recognised, beside leaky ReLU of any slope.
ACTIVATIONS: dict[str, Function] = {
    "ReLU": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "GELU": lambda z: z * special.ndtr(z),
    "GELU, tanh": lambda z: z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "erf": special.erf,
    "SiLU": lambda z: z * special.expit(z),
    "ELU": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "SELU": lambda z: (
        1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))
    ),
    "sigmoid": special.expit,
    "linear": lambda z: z,
}


def fits(before: Statistics, after: Statistics) -> dict[str, float]:
    """Return name ↦ error of the activations that lead from one tensor to another."""
    z, x = before.array, after.array
    scale = np.abs(z).max(initial=0)
    if len(z) != len(x) or not scale:
        return {}
    candidates = dict(ACTIVATIONS)
    below = z < -scale / 100
    if below.any() and (slope := float(np.median(x[below] / z[below]))) > 0.001:
        name = f"leaky ReLU {slope:.3g}"
        if slope < 0.999:
            candidates[name] = _leaky(name)
    errors = {name: float(np.abs(f(z) - x).max()) / scale for name, f in candidates.items()}
    return {name: error for name, error in errors.items() if error < 16 * after.epsilon}


def _leaky(name: str) -> Function:
    slope = float(name.rpartition(" ")[2])
    return lambda z: np.where(z > 0, z, slope * z)


def activation_function(name: str) -> Function:
    """Return φ of a name that `Chain.activation` may have."""
    return ACTIVATIONS[name] if name in ACTIVATIONS else _leaky(name)
