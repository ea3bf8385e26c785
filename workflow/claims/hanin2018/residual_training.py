"""Measurements on when residual networks start to train (Hanin & Rolnick 2018, Figure 2b)."""

import numpy as np

from claims.data import PaperData
from claims.hanin2018.training import images_used
from deepinit.statistics import Estimate, bootstrap, fraction_interval
from deepinit.verdicts import LEVEL, Measurement, NotTested

_FEWEST = 10


def started(
    data: PaperData, ending: str, base: float, worst: bool = True, fewest: int = 20
) -> Measurement:
    """Fraction of runs that reached the target before the cap, at one number of modules.

    Of all numbers of modules from `fewest` on, the one with the smallest fraction, or with the
    largest where `worst` is false; the interval's level allows for their number.
    """
    rows = data.rows("fig2b", ending=ending, base=base)
    rows = rows[rows["modules"] >= fewest]
    if rows.empty:
        raise NotTested(f"needs {fewest} modules or more")
    reached = (rows["status"] == "reached").groupby(rows["modules"]).agg(["sum", "size"])
    fractions = reached["sum"] / reached["size"]
    modules = fractions.idxmin() if worst else fractions.idxmax()
    level = 1 - (1 - LEVEL) / len(reached)
    hits, runs = (int(number) for number in reached.loc[modules])
    diverged = int((rows["status"] == "diverged").sum())
    return Measurement(
        fraction_interval(hits, runs, level),
        note=f"{hits} of {runs} runs with {modules} modules; of all {len(rows)} with "
        f"{rows['modules'].min()} to {rows['modules'].max()} modules {reached['sum'].sum()} started and "
        f"{diverged} diverged; {images_used(data, 'fig2b')}",
    )


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
