"""Sample paths of fractional Brownian motion (Marion et al. 2025, Figure 6)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import bootstrap, mean_interval
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import COLOURS, footnote, legend_above, letters, panels
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Paths of fractional Brownian motion and their standard deviation, one panel a Hurst index."""
    drawn = table[(table["quantity"] == "position") & (table["path"] < s.drawn)]
    page, axes = panels(len(s.hursts), height=2.2, sharex=True, sharey=True)
    time = np.arange(s.steps + 1) / s.steps
    for axis, hurst, letter in zip(axes, s.hursts, letters(), strict=False):
        paths = drawn[drawn["hurst"] == hurst].pivot(index="step", columns="path", values="value")
        deviation = time**hurst
        axis.fill_between(time, -deviation, deviation, color="0.9", lw=0,
                          label=r"$\pm t^H$, one standard deviation")  # fmt: skip
        axis.plot(time, paths.to_numpy()[:, 1:], color="0.6", lw=0.35, label="further paths")
        axis.plot(time, paths[0], color=COLOURS[0], lw=0.8, label="one path")
        axis.set(xlabel="k / N", title=f"({letter}) H = {hurst:g}", xlim=(0, 1))
    axes[0].set_ylabel("fractional Brownian motion")
    legend_above(page, axes[:1], columns=3)
    footnote(page, preset, f"N = {s.steps} steps")
    return page


def _enough(data: FigureData, **where: float | str) -> pd.DataFrame:
    """Return the rows of one quantity."""
    rows = data.rows("fig6", **where)
    if rows["path"].nunique() < 200:
        raise NotTested("needs 200 paths or more")
    return rows


@figure.measure
def variance_at_one(data: FigureData, s: SimpleNamespace, hurst: float) -> Measurement:
    """Mean over paths of B(1)²; the mean of B(1) is zero."""
    rows = _enough(data, hurst=hurst, quantity="position", step=s.steps)
    return Measurement(mean_interval(rows["value"] ** 2, LEVEL), note=f"{len(rows)} paths")


@figure.measure
def variance_of_a_step(data: FigureData, s: SimpleNamespace, hurst: float) -> Measurement:
    """Mean square of the increments over one step, times N^(2H)."""
    rows = _enough(data, hurst=hurst, quantity="mean_squared_increment", step=1)
    squares = rows["value"] * s.steps ** (2 * hurst)
    return Measurement(mean_interval(squares, LEVEL), note=f"{len(rows)} paths")


@figure.measure
def hurst_index(data: FigureData, hurst: float) -> Measurement:
    """Half of the log-log slope in the lag of E(B(t + lag) − B(t))², paths resampled."""
    rows = _enough(data, hurst=hurst, quantity="mean_squared_increment")
    squares = rows.pivot(index="path", columns="step", values="value")
    lags = np.log(squares.columns.to_numpy(dtype=float))

    def slope(sample: np.ndarray) -> float:
        return 0.5 * np.polyfit(lags, np.log(sample.mean(axis=0)), 1)[0]

    index = bootstrap(squares.to_numpy(), slope, LEVEL, resamples=10_000)
    return Measurement(index, note=f"lags 1 to {squares.columns.max()}")
