"""How time and memory grow with depth, width and replicates."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

_WORKFLOW = Path(__file__).resolve().parents[1]
#: What the peak of a sweep that must stay flat may grow by, from its first point to its last.
FLAT_MEBIBYTES = 16
_WORK = {
    "reduced_outputs": "reduced sampler, outputs alone",
    "reduced_gradients": "reduced sampler, outputs and gradients",
    "explicit_outputs": "explicit weights, outputs alone",
    "explicit_gradients": "explicit weights, outputs and gradients",
}
_AGAINST = {"depth": "L", "width": "d", "blocks": "blocks of 250 networks", "networks": "networks"}


class Sweep(NamedTuple):
    """One thing varied, all else kept.

    Attributes:
        work: a key of `benchmarks.scaling_point.POINTS`.
        varied: the setting that is varied.
        values: its values.
        kept: the other settings.
        flat: whether memory must not grow.
    """

    work: str
    varied: str
    values: tuple[int, ...]
    kept: Mapping[str, int]
    flat: bool = False

    @property
    def title(self) -> str:
        """What is computed, against what."""
        return f"{_WORK[self.work]}, against {_AGAINST[self.varied]}"


_DEPTHS, _WIDTHS = (100, 1000, 10_000, 100_000), (10, 20, 40, 80, 160)
SWEEPS = (
    Sweep("reduced_outputs", "depth", _DEPTHS, {"width": 40, "networks": 100}, flat=True),
    Sweep("reduced_gradients", "depth", _DEPTHS, {"width": 40, "networks": 10}),
    Sweep("explicit_outputs", "depth", _DEPTHS[:3], {"width": 40, "networks": 20}, flat=True),
    Sweep("reduced_gradients", "width", (10, 40, 160, 640, 2560), {"depth": 1000, "networks": 10}),
    Sweep("explicit_gradients", "width", _WIDTHS, {"depth": 200, "networks": 10}),
    Sweep(
        "reduced_gradients",
        "blocks",
        (1, 4, 16),
        {"depth": 1000, "width": 40, "networks": 250},
        True,
    ),
    Sweep(
        "explicit_gradients", "networks", (50, 100, 200), {"depth": 1000, "width": 40}, flat=True
    ),
)


def _measured(work: str, settings: Mapping[str, int]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scaling_point", work, json.dumps(dict(settings))]
    environment = os.environ | {"PYTHONPATH": str(_WORKFLOW)}
    output = subprocess.run(
        command, stdout=subprocess.PIPE, env=environment, text=True, check=True
    ).stdout
    return json.loads(output)


def sweep_table(sweep: Sweep) -> pd.DataFrame:
    """Return one row per value, each measured alone in a fresh process."""
    rows = []
    for value in sweep.values:
        found = _measured(sweep.work, {**sweep.kept, sweep.varied: value})
        rows.append({"sweep": sweep.title, "varied": sweep.varied, "value": value, **found})
    return pd.DataFrame(rows)


def is_flat(table: pd.DataFrame) -> bool:
    """Return whether the peak memory of a sweep hardly grows from its first point to its last."""
    peaks = table["peak_mebibytes"].to_numpy()
    return bool(peaks[-1] - peaks[0] <= FLAT_MEBIBYTES)
