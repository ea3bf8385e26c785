"""Measurements on when residual networks start to train (Hanin & Rolnick 2018, Figure 2b)."""

import numpy as np

from claims.data import PaperData
from claims.hanin2018.training import fraction_started, images_used
from deepinit.statistics import Estimate, bootstrap
from deepinit.verdicts import LEVEL, Measurement, NotTested

_FEWEST = 10


def started(data: PaperData, ending: str, base: float, fewest: int = 20) -> Measurement:
    """Fraction of runs with `fewest` modules or more that reached the target before the cap."""
    rows = data.rows("fig2b", ending=ending, base=base)
    rows = rows[rows["modules"] >= fewest]
    if rows.empty:
        raise NotTested(f"needs {fewest} modules or more")
    fraction, counts = fraction_started(rows)
    modules = f"{rows['modules'].min()} to {rows['modules'].max()} modules"
    return Measurement(fraction, note=f"{counts}, {modules}; {images_used(data, 'fig2b')}")


def slowing(data: PaperData, ending: str, base: float, modules: int = 10) -> Measurement:
    """Mean time to the first check at the target, greatest number of modules over `modules`.

    The mean is restricted to the cap, which counts for runs that never start. The two means are of
    different networks; the interval is the bootstrap's, of the logarithm of their ratio.
    """
    rows = data.rows("fig2b", ending=ending, base=base)
    most, cap = int(rows["modules"].max()), data.settings["fig2b"]["max_epochs"]
    times = rows["first_reached"].where(rows["status"] == "reached", cap)
    few, many = (times[rows["modules"] == count].to_numpy() for count in (modules, most))
    if most < 5 * modules or min(len(few), len(many)) < _FEWEST:
        raise NotTested(f"needs {_FEWEST} runs with {modules} modules and with five times as many")
    both = np.stack([few, many], axis=1)
    ratio = bootstrap(both, lambda pair: np.log(pair[:, 1].mean() / pair[:, 0].mean()), LEVEL)
    return Measurement(
        Estimate(*np.exp(ratio)),
        note=f"{few.mean():.3g} epochs at {modules} modules, {many.mean():.3g} at {most}; "
        f"{len(few)} runs each; {images_used(data, 'fig2b')}",
    )
