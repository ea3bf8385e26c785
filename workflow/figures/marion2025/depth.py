"""Depths at which theory is drawn."""

import numpy as np


def fine_depths(depths: list[int]) -> np.ndarray:
    """Return whole numbers, dense enough for a smooth curve, from the least to the greatest."""
    return np.unique(np.geomspace(min(depths), max(depths), 60).astype(int))
