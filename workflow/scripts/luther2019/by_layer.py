"""What the tables of several figures have in common: sample mean and variance by layer."""

import numpy as np
import pandas as pd
import torch


def by_layer(
    squared_mean: torch.Tensor, variance: torch.Tensor, **place: str | float
) -> pd.DataFrame:
    """Return one row a network and layer: the columns of `place`, squared_mean and variance.

    Args:
        squared_mean: m², shape (networks, layers).
        variance: v², the same shape.
    """
    networks, layers = squared_mean.shape
    return pd.DataFrame(
        {
            **place,
            "network": np.repeat(np.arange(networks), layers),
            "layer": np.tile(np.arange(layers), networks),
            "squared_mean": squared_mean.numpy(force=True).ravel(),
            "variance": variance.numpy(force=True).ravel(),
        }
    )
