"""What figures cost: measured at a preset, or predicted for another from the work there is.

`config/costs.csv` has one row per preset, figure and kind of device, written by `record_costs.py`.
A figure whose settings differ from all that were measured costs in proportion to its `work()`,
start-up of its jobs aside.
"""

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
    """What all jobs of a figure take together, or one of them.

    Attributes:
        seconds: processor seconds of one core; on a GPU, seconds of its use; None if nothing is known.
        mebibytes: the most memory that one job takes; None if it is not known.
        predicted: whether this follows from the costs of other settings, or from what jobs ask for, and
            not from a measurement of the same.
        longest: seconds of the longest job; None if it is not known.
        device: "cpu", or the GPU's name.
    """

    seconds: float | None
    mebibytes: float | None
    predicted: bool = False
    longest: float | None = None
    device: str = "cpu"

    def of_a_part(self, parts: int) -> float:
        """Return seconds of one of so many parts of the table, in the mean."""
        # Gathering and drawing are jobs of their own.
        return max(START_SECONDS, (self.seconds - 2 * START_SECONDS) / max(1, parts))


def read_costs() -> pd.DataFrame:
    """Return the table of costs.

    Its columns are preset, figure, cpu_seconds, peak_mebibytes, longest_seconds (of one job), device
    and gpu_seconds (missing but on a GPU).
    """
    return pd.read_csv(COSTS, comment="#")


def _start_up(section: FigureSection) -> float:
    """Return processor seconds of the starts of a figure's jobs: parts, table, drawing."""
    parts = len(section.parts())
    return START_SECONDS * (parts + 2 if parts else 1)


def _scaled(seconds: float, measured: FigureSection, section: FigureSection) -> float | None:
    """Return `seconds` of the figure `measured` in proportion to the work of `section`."""
    before, now = measured.work(), section.work()
    if not before or now is None:
        return None
    computing = max(0.0, seconds - _start_up(measured))
    return _start_up(section) + computing * now / before


def cost(
    costs: pd.DataFrame, config: Config, paper: str, figure: str, gpu: bool = False
) -> Cost | None:
    """Return what a figure costs on the CPU, or on a GPU; None if that is neither measured nor predictable.

    On a GPU it is predicted from the longest of the runs that were measured, in which the start-up counts
    least.
    """
    section = config.figures()[paper][figure]
    rows = costs[costs["figure"] == f"{paper}_{figure}"]
    rows = rows[rows["gpu_seconds"].notna() if gpu else rows["device"] == "cpu"]
    predictions = []
    # The preset's own first.
    for row in sorted(rows.itertuples(), key=lambda row: row.preset != config.preset):
        if (carried := carried_preset(row.preset)) is None:
            continue
        seconds = row.gpu_seconds if gpu else row.cpu_seconds
        before = carried.figures()[paper][figure]
        if before == section:
            return Cost(seconds, row.peak_mebibytes, False, row.longest_seconds, row.device)
        if (gpu or row.preset == _MEASURED) and (scaled := _scaled(seconds, before, section)):
            predictions.append((seconds, scaled, row.device))
    if not predictions:
        return None
    _, seconds, device = max(predictions)
    return Cost(seconds, None, predicted=True, device=device)
