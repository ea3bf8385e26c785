"""Measurements on when residual networks start to train (Hanin & Rolnick 2018, Figure 2b)."""

import numpy as np
from numpy.typing import NDArray

from claims.data import PaperData
from claims.hanin2018.training import images_used, worst_fraction
from deepinit.stats.intervals import Estimate, bootstrap
from study.verdicts import LEVEL, Measurement, NotTested

_FEWEST = 10


def started(
    data: PaperData, ending: str, base: float, smallest: bool = True, fewest: int = 20
) -> Measurement:
    """Fraction of runs that reached the target before the cap, at one number of modules.

    Of all numbers of modules from `fewest` on, the one with the smallest fraction, or with the
    largest where `smallest` is false.
    """
    rows = data.rows("fig2b", ending=ending, base=base)
    rows = rows[rows["modules"] >= fewest]
    if rows.empty:
        raise NotTested(f"needs {fewest} modules or more")
    fraction, counts = worst_fraction(rows, "modules", smallest)
    return Measurement(fraction, note=f"{counts}; {images_used(data, 'fig2b')}")


def _log_ratio_of_columns(pairs: NDArray[np.float64]) -> float:
    few, many = pairs.sum(axis=0)
    return float(np.log(many / few))


def slowing(data: PaperData, ending: str, base: float, modules: int = 10) -> Measurement:
    """Mean time to the first check at the target with more modules over that with `modules`.

    Of all greater numbers of modules, the one whose interval reaches highest; the interval's level
    allows for their number. Means are restricted to the cap, which counts for runs that never
    start. The two means are of different networks; the interval is the bootstrap's, of the logarithm
    of their ratio.
    """
    rows = data.rows("fig2b", ending=ending, base=base)
    rows = rows[rows["modules"] >= modules]
    cap = data.settings["fig2b"]["max_epochs"]
    times = rows.assign(time=rows["first_reached"].where(rows["status"] == "reached", cap))
    runs = {count: group["time"].to_numpy() for count, group in times.groupby("modules")}
    if (
        modules not in runs
        or max(runs) < 5 * modules
        or min(len(part) for part in runs.values()) < _FEWEST
    ):
        raise NotTested(f"needs {_FEWEST} runs with {modules} modules and with five times as many")
    few = runs.pop(modules)
    level = 1 - (1 - LEVEL) / len(runs)
    ratios = {
        count: bootstrap(np.stack([few, many], axis=1), _log_ratio_of_columns, level)
        for count, many in runs.items()
    }
    worst = max(ratios, key=lambda count: ratios[count].high)
    means = ", ".join(f"{many.mean():.3g} at {count}" for count, many in runs.items())
    return Measurement(
        Estimate(*np.exp(ratios[worst])),
        note=f"{worst} modules against {modules}; mean epochs {few.mean():.3g} at {modules}, {means}; "
        f"{len(few)} runs each; {images_used(data, 'fig2b')}",
    )
