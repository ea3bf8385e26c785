"""Scales of residual modules in both parts of Figure 2: powers b^l, or 1/L each."""

import numpy as np
from numpy.typing import NDArray

from deepinit.resnet.scaled_modules_theory import equal_scales, module_scales

#: Stands for η_l = 1/L where other networks have their b.
RECIPROCAL = 0.0


def scales_of(base: float, modules: int) -> NDArray[np.float64]:
    """Return η_1 … η_L: b^l, or 1/L for the base `RECIPROCAL`."""
    return equal_scales(modules) if base == RECIPROCAL else module_scales(base, modules)
