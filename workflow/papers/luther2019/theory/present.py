"""m, v and σ by layer at infinite width (Luther & Seung 2019)."""

import pandas as pd
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import Estimate
from study.presentation import Presentation
from study.style import COLOURS, COLUMN_WIDTH, footnote, panels
from study.verdicts import Measurement, NotTested

figure = Presentation()

_COLUMNS = {"m": "mean", "v": "sd", "m/v": "ratio"}


@figure.draw
def draw(table: pd.DataFrame, preset: str) -> Page:
    """m, v and σ against the layer."""
    page, (axes,) = panels(1, width=COLUMN_WIDTH)
    for column, label, colour in (
        ("total", "total σ", "0.35"),
        ("mean", "sample mean m", COLOURS[0]),
        ("sd", "sample standard deviation v", COLOURS[3]),
    ):
        axes.plot(table["layer"], table[column], color=colour, label=label)
    axes.set(xlabel="layer", ylabel="pre-activation (r.m.s.)", ylim=(0, 1.05))
    axes.set_xlim(0, table["layer"].max())
    axes.legend(loc="center right")
    footnote(page, preset, "infinite width, analytic")
    return page


@figure.measure
def value(table: pd.DataFrame, symbol: str, layer: int) -> Measurement:
    """m, v or m/v of one layer at infinite width."""
    rows = table.loc[table["layer"] == layer, _COLUMNS[symbol]]
    if rows.empty:
        raise NotTested(f"needs layer {layer}")
    return Measurement(Estimate.exactly(float(rows.iloc[0])))
