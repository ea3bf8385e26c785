"""Change of outputs, or of gradients, against depth, smooth weights (Marion et al. 2025, Figures 4, 5)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from papers.marion2025 import depth_measures, smooth_measures
from papers.marion2025.depth_drawing import (
    depth_page,
    first_order_curve,
    mean_curve,
    published_means,
)
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS

# Claims are about the paper's weights where they name no others.
figure = Presentation(
    depth_measures, smooth_measures, column="output", only={"weights": "process"}, exact=False
)

#: β of the published means that are a rule, and no readings.
RULES = {2.0: "0.30/L"}


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, published: Tables, preset: str, column: str
) -> Page:
    """Means with their intervals, medians where networks explode, first-order theory, published means."""

    def panel(axis: Axes, beta: float) -> None:
        rows = table[table["beta"] == beta]
        process = rows[rows["weights"] == "process"]
        mean_curve(axis, process, column, color=COLOURS[0], marker="o", label="mean, 95 % interval")
        if beta < 1:
            median = 10 ** process.groupby("depth")[f"log10_{column}_change"].median()
            axis.plot(median.index, median, ":", lw=1.1, color=COLOURS[0], label="median")
        first_order_curve(axis, s, beta, column)
        if beta in s.increments_betas:
            increments = rows[rows["weights"] == "increments"]
            mean_curve(
                axis, increments, column, color=COLOURS[1], marker="s", label="increments (code)"
            )
        published_means(axis, published, beta, s.depths, RULES.get(beta, ""))

    return depth_page(s, column, preset, panel, height=2.6)
