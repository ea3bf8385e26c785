"""What the tests of residual networks share: samples, seeds, and one false-alarm rate.

Statistical tests of all files that import this share a false-alarm rate of 1e-4 (Bonferroni).
"""

import numpy as np
import torch
from streams import levels, streams

from deepinit.resnet.ratios import (
    LogRatios,
    independent_weights,
)
from deepinit.resnet.ratios_theory import (
    scaling_factor,
)
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights

# Some 570 comparisons, 288 of them correlations of smooth weights.
ALPHA, Z = levels(600)
SAMPLERS = ["uniform", "gaussian", "reduced"]
stream = streams(74, "test_residual")


def ratios(
    sampler: str, depth: int, width: int, beta: float, networks: int, **options: object
) -> LogRatios:
    """Return the log-ratios of one sampler."""
    source = stream(sampler, depth, width, beta, options)
    if sampler == "reduced":
        return independent_gaussian_weights(depth, width, beta, networks, source, **options)
    options = {"law": sampler, "inputs": "uniform", **options}
    return independent_weights(depth, width, beta, networks, source, **options)


def gaussian_second_moment(depth: int, width: int, beta: float) -> float:
    """Return E‖h_L‖⁴/‖h_0‖⁴ for Gaussian weights."""
    a = scaling_factor(depth, beta) ** 2
    return (1 + a + 2 * a / width + a**2 / 4 * (1 + 2 / width) * (1 + 5 / width)) ** depth


def numpy(values: torch.Tensor) -> np.ndarray:
    """Return a flat array."""
    return values.numpy().ravel()
