"""m, v and σ by layer at infinite width (Luther & Seung 2019)."""

import pandas as pd
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import Estimate
from papers.luther2019 import infinite_width
from papers.luther2019.infinite_width import theory_value
from study.presentation import Presentation
from study.style import COLOURS, COLUMN_WIDTH, panels, sign
from study.verdicts import Measurement, NotTested

figure = Presentation(infinite_width)


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
    sign(page, preset, "infinite width, analytic")
    return page


@figure.measure
def least_agreeing_correlation(table: pd.DataFrame, values: dict[int, float]) -> Measurement:
    """c_l of the layer where it is furthest from the printed value."""
    correlation = table.set_index("layer")["correlation"]
    if max(values) > correlation.index.max():
        raise NotTested(f"needs layer {max(values)}")
    layer = max(values, key=lambda layer: abs(correlation[layer] - values[layer]))
    return Measurement(
        Estimate.exactly(float(correlation[layer])),
        expected=values[layer],
        note=f"c_{layer}, the one furthest from its printed value: {correlation[layer]:.6f}",
    )


@figure.measure
def approach(tables: dict[str, pd.DataFrame], layer: int) -> Measurement:
    """l² (1 − c_l)."""
    correlation = theory_value(tables, "correlation", layer).estimate.value
    return Measurement(Estimate.exactly(layer**2 * (1 - correlation)))
