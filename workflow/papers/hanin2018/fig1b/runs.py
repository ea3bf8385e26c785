"""How many training runs there are at each point of Figure 1b."""

from collections.abc import Mapping
from typing import Any

from deepinit.initialisers import WEIGHT_LAWS

RUNS = ("runs", "runs_failing", "runs_apart")


def keeps_length(law: str) -> bool:
    """Return whether an initialisation keeps the mean squared length from layer to layer."""
    return WEIGHT_LAWS[law].length_gain == 1


def key_of_runs(point: Mapping[str, Any]) -> str:
    """Return the setting, among `RUNS`, that says how many runs a point has."""
    if point["biases"] == "none":
        return "runs_apart"
    return "runs" if keeps_length(point["law"]) else "runs_failing"
