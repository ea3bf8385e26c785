"""m, v and σ by layer at infinite width (Luther & Seung 2019)."""

import pandas as pd
from matplotlib.figure import Figure as Page

from study.presentation import Presentation
from study.style import COLOURS, COLUMN_WIDTH, footnote, panels

figure = Presentation()


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
