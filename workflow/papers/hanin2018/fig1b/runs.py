"""How many training runs there are at each point of Figure 1b."""

from collections.abc import Mapping
from typing import Any

from deepinit.initialisers import WEIGHT_LAWS


def keeps_length(law: str) -> bool:
    """Return whether an initialisation keeps the mean squared length from layer to layer."""
    return WEIGHT_LAWS[law].length_gain == 1


def runs_at(s: Any, point: Mapping[str, Any]) -> int:
    """Return the number of training runs at a point, from the settings or what jobs see of them."""
    if point["biases"] == "none":
        return s.runs_apart
    return s.runs if keeps_length(point["law"]) else s.runs_failing
