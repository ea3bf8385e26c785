"""How time and memory grow with depth, width, replicates and cores."""

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
#: What runs side by side: enough that the memory of the first networks, new to the process, is a small part.
SIDE_BY_SIDE = ("explicit_gradients", {"depth": 1000, "width": 40, "networks": 1000})


def _start(work: str, settings: Mapping[str, int]) -> subprocess.Popen:
    command = [sys.executable, "-m", "benchmarks.scaling_point", work, json.dumps(dict(settings))]
    environment = os.environ | {"PYTHONPATH": str(_WORKFLOW)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)


def _finish(process: subprocess.Popen) -> dict[str, Any]:
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"a point of the benchmark ended with status {process.returncode}")
    return json.loads(output)


def sweep_table(sweep: Sweep) -> pd.DataFrame:
    """Return one row per value, each measured alone in a fresh process."""
    rows = []
    for value in sweep.values:
        found = _finish(_start(sweep.work, {**sweep.kept, sweep.varied: value}))
        rows.append({"sweep": sweep.title, "varied": sweep.varied, "value": value, **found})
    return pd.DataFrame(rows)


def is_flat(table: pd.DataFrame) -> bool:
    """Return whether the peak memory of a sweep hardly grows from its first point to its last."""
    peaks = table["peak_mebibytes"].to_numpy()
    return bool(peaks[-1] - peaks[0] <= FLAT_MEBIBYTES)


def cores_table(cores: int) -> pd.DataFrame:
    """Return one row per number of jobs side by side: 1, 2, 4 … up to the cores."""
    numbers = sorted({*(2**power for power in range(cores.bit_length())), cores} - {0})
    rows = []
    for jobs in (number for number in numbers if number <= cores):
        processes = [_start(*SIDE_BY_SIDE) for _ in range(jobs)]
        found = [_finish(process) for process in processes]
        wall = max(point["wall_seconds"] for point in found)
        networks = jobs * SIDE_BY_SIDE[1]["networks"]
        rows.append({"jobs": jobs, "wall_seconds": wall, "networks_a_second": networks / wall})
    return pd.DataFrame(rows)
