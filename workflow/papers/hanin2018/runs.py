"""How many training runs a point of Figures 1b, 2b and 3a has."""

from collections.abc import Mapping
from typing import Any

from deepinit.widths import ADDED_PATTERNS


def key_of_runs(point: Mapping[str, Any]) -> str:
    """Return the setting that says how many runs a point has: fewer without biases and of added patterns."""
    apart = point.get("biases") == "none" or point.get("pattern") in ADDED_PATTERNS
    return "runs_apart" if apart else "runs"
