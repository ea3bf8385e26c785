"""Scales of residual modules in both parts of Figure 2: powers b^l, or 1/L each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.resnet.scaled_modules_theory import equal_scales, module_scales


def scales_of(scaling: str, base: float, modules: int) -> NDArray[np.float64]:
    """Return η_1 … η_L: b^l if `scaling` is "powers", 1/L if it is "reciprocal"."""
    return module_scales(base, modules) if scaling == "powers" else equal_scales(modules)


def curves(table: pd.DataFrame) -> pd.Series:
    """Return what tells the curves of one ending apart: b of powers, or "reciprocal"."""
    return table["base"].astype(object).where(table["scaling"] == "powers", "reciprocal")


def without_powers(point: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a point's address, in which powers are not named."""
    if point["scaling"] == "powers":
        return {key: value for key, value in point.items() if key != "scaling"}
    return point
