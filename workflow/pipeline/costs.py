"""What figures cost: measured at a preset, or predicted for another from the work there is.

`config/costs.csv` has one row per preset, figure and kind of device, written by `record_costs.py`.
A figure whose settings differ from all that were measured costs in proportion to its `work()`,
start-up of its jobs aside.
"""

import math
from dataclasses import dataclass

import pandas as pd

from study.code_hash import WORKFLOW
from study.config import Config
from study.load import carried_preset
from study.settings import FigureSection

COSTS = WORKFLOW / "config" / "costs.csv"
#: What a job takes before it computes: Python and the import of torch, processor seconds.
START_SECONDS = 2.0
#: The preset from whose costs those of others are predicted.
_MEASURED = "laptop"


@dataclass(frozen=True)
class Cost:
    """What all jobs of a figure take together.

    Attributes:
        seconds: processor seconds of one core; on a GPU, seconds of its use.
        mebibytes: the most memory that one job takes; None if it is not known.
        longest: seconds that the longest job took; None if it is not known.
        predicted: whether `seconds` is predicted and not measured.
        device: "cpu", or the GPU's name.
    """

    seconds: float
    mebibytes: float | None
    predicted: bool
    longest: float | None = None
    device: str = "cpu"


def read_costs() -> pd.DataFrame:
    """Return the table of costs.

    Its columns are preset, figure, cpu_seconds, peak_mebibytes, longest_seconds (of one job; missing
    in rows of old), device ("cpu" where the file does not say) and gpu_seconds (missing but on a GPU).
    """
    table = pd.read_csv(COSTS, comment="#")
    missing = float("nan")
    for column, value in (("longest_seconds", missing), ("device", None), ("gpu_seconds", missing)):
        if column not in table:
            table[column] = value
    return table.assign(device=table["device"].astype(object).where(table["device"].notna(), "cpu"))


def _start_up(section: FigureSection) -> float:
    """Return processor seconds of the starts of a figure's jobs, its drawing included."""
    return START_SECONDS * (len(section.parts()) + 1)


def _scaled(seconds: float, measured: FigureSection, section: FigureSection) -> float | None:
    """Return `seconds` of the figure `measured` in proportion to the work of `section`."""
    before, now = measured.work(), section.work()
    if not before or now is None:
        return None
    computing = max(0.0, seconds - _start_up(measured))
    return _start_up(section) + computing * now / before


def cost(costs: pd.DataFrame, config: Config, paper: str, figure: str) -> Cost | None:
    """Return what a figure costs on the CPU; None if that is neither measured nor predictable."""
    section = config.figures()[paper][figure]
    rows = costs[(costs["figure"] == f"{paper}_{figure}") & (costs["device"] == "cpu")]
    measured = rows.set_index("preset")
    for preset in (config.preset, _MEASURED):
        carried = carried_preset(preset)
        if carried is None or preset not in measured.index:
            continue
        if carried.figures()[paper][figure] == section:
            row = measured.loc[preset]
            longest = float(row["longest_seconds"])
            return Cost(
                float(row["cpu_seconds"]),
                float(row["peak_mebibytes"]),
                predicted=False,
                longest=None if math.isnan(longest) else longest,
            )
    if _MEASURED not in measured.index:
        return None
    before = carried_preset(_MEASURED).figures()[paper][figure]
    seconds = _scaled(float(measured.loc[_MEASURED, "cpu_seconds"]), before, section)
    return None if seconds is None else Cost(seconds, None, predicted=True)


def gpu_cost(costs: pd.DataFrame, config: Config, paper: str, figure: str) -> Cost | None:
    """Return what a figure costs on a GPU, as `cost`; None if no rate was measured on one."""
    section = config.figures()[paper][figure]
    rows = costs[(costs["figure"] == f"{paper}_{figure}") & costs["gpu_seconds"].notna()]
    predictions = []
    for row in rows.itertuples():
        before = carried_preset(row.preset).figures()[paper][figure]
        if before == section:
            return Cost(row.gpu_seconds, row.peak_mebibytes, predicted=False, device=row.device)
        if seconds := _scaled(row.gpu_seconds, before, section):
            predictions.append((row.gpu_seconds, seconds, row.device))
    if not predictions:
        return None
    # From the longest of the runs that were measured, in which the start-up counts least.
    _, seconds, device = max(predictions)
    return Cost(seconds, None, predicted=True, device=device)
