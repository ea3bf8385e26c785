"""Activations of simulated networks by name, with the gain that keeps σ² = 1.

The theory is in `deepinit.meanfield.activation_kernels`.
"""

from collections.abc import Callable
from functools import partial

import torch

from deepinit.meanfield.activation_kernels import (
    CENTRED_RELU_GAIN,
    RELU_MEAN,
    SMOOTH,
    leaky_relu_gain,
)
from deepinit.meanfield.any_activation import activation_gain

_SMOOTH_STEPS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh": torch.tanh,
    "erf": torch.erf,
    "gelu": torch.nn.functional.gelu,
}
#: Names that `activation_step` knows.
ACTIVATIONS = ("leaky_relu", "centred_relu", *_SMOOTH_STEPS)


def activation_step(
    name: str, slope: float
) -> tuple[Callable[[torch.Tensor], torch.Tensor], float]:
    """Return φ, for tensors of any shape, and its gain g = 1/E φ(a)².

    Args:
        name: one of `ACTIVATIONS`.
        slope: a of leaky ReLU, which is ReLU at 0 and the identity at 1; else unused.

    Raises:
        ValueError: an unknown name.
    """
    if name == "leaky_relu":
        leaky = partial(torch.nn.functional.leaky_relu, negative_slope=slope)
        return leaky, leaky_relu_gain(slope)
    if name == "centred_relu":
        return lambda y: torch.relu(y) - RELU_MEAN, CENTRED_RELU_GAIN
    if name not in _SMOOTH_STEPS:
        raise ValueError(f"the activation must be one of {', '.join(ACTIVATIONS)}, not {name!r}")
    return _SMOOTH_STEPS[name], activation_gain(SMOOTH[name])
