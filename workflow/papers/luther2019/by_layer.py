"""Columns that the tables of several figures have in common: sample mean and variance by layer."""

import numpy as np
import torch
from numpy.typing import NDArray


def by_layer(squared_mean: torch.Tensor, variance: torch.Tensor) -> dict[str, NDArray]:
    """Return the columns network, layer, squared_mean and variance: one row per network and layer.

    Args:
        squared_mean: m², shape (networks, layers).
        variance: v², the same shape.
    """
    network, layer = np.indices(squared_mean.shape).reshape(2, -1)
    return {
        "network": network,
        "layer": layer,
        "squared_mean": squared_mean.numpy(force=True).ravel(),
        "variance": variance.numpy(force=True).ravel(),
    }
