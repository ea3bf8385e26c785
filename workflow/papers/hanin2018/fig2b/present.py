"""Epochs of residual networks to a given test accuracy (Hanin & Rolnick 2018, Figure 2b)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Page
from numpy.typing import NDArray

from deepinit.stats.intervals import Estimate, bootstrap
from papers.hanin2018.looks import ENDINGS, looks_of_scales
from papers.hanin2018.starts import (
    epochs_axis,
    images_used,
    mean_panel,
    median_panel,
    training_text,
    worst_fraction,
)
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import FULL_WIDTH, jittered, sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

_FEWEST = 10


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Epochs against the number of modules by kind of module: mean, and median of finer times."""
    looks, cap, percent = looks_of_scales(s.bases), s.max_epochs, round(100 * s.target_accuracy)
    shifts = jittered(0, len(looks), 0.004 * max(s.modules))
    x = {base: ("modules", shift) for base, shift in zip(looks, shifts, strict=True)}
    finest = 1 / s.checks_per_epoch
    size = (FULL_WIDTH, 0.6 + 2.2 * len(s.endings))
    page, rows = plt.subplots(len(s.endings), 2, figsize=size, sharex=True, squeeze=False)
    for (left, right), ending in zip(rows, s.endings, strict=True):
        runs = table[table["ending"] == ending]
        epochs_axis(left, 0.8, cap, f"epochs to {percent} % test accuracy")
        epochs_axis(right, 0.8 * finest, cap, "epochs to the first\ncheck that finds it")
        mean_panel(left, runs, "base", looks, x)
        median_panel(right, runs, "base", looks, x, cap, time="first_reached")
        left.set_title(f"(b) mean; {ENDINGS[ending]}")
        right.set_title(f"median; {ENDINGS[ending]}")
    for axis in rows[-1]:
        axis.set_xlabel("residual modules L")
    page.legend(
        *rows[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=len(looks)
    )
    text = f"stream of width {s.width}; {training_text(s)}; there, accuracy is measured "
    sign(page, preset, f"{text}{s.checks_per_epoch} times an epoch")
    return page


@figure.measure
def started(
    data: FigureData,
    s: SimpleNamespace,
    ending: str,
    base: float,
    smallest: bool = True,
    fewest: int = 20,
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
    return Measurement(fraction, note=f"{counts}; {images_used(s)}")


def _log_ratio_of_columns(pairs: NDArray[np.float64]) -> float:
    few, many = pairs.sum(axis=0)
    return float(np.log(many / few))


@figure.measure
def slowing(
    data: FigureData, s: SimpleNamespace, ending: str, base: float, modules: int = 10
) -> Measurement:
    """Mean time to the first check at the target with more modules over that with `modules`.

    Of all greater numbers of modules, the one whose interval reaches highest; the interval's level
    allows for their number. Means are restricted to the cap, which counts for runs that never
    start. The two means are of different networks; the interval is the bootstrap's, of the logarithm
    of their ratio.
    """
    rows = data.rows("fig2b", ending=ending, base=base)
    rows = rows[rows["modules"] >= modules]
    cap = s.max_epochs
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
        f"{len(few)} runs each; {images_used(s)}",
    )
