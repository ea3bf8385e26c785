"""The weight inside ReLU, smooth weights, beside res-3 (Marion et al. 2025, Figures 13, 14)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from papers.marion2025 import depth_measures, smooth_measures
from papers.marion2025.depth_drawing import depth_page, first_order_curve, published_means
from papers.marion2025.inside_drawing import both_models
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS

figure = Presentation(
    depth_measures, smooth_measures, column="output", only={}, exact=False, inside=True
)


@figure.draw
def draw(
    s: SimpleNamespace,
    table: pd.DataFrame,
    tables: Tables,
    published: Tables,
    preset: str,
    column: str,
) -> Page:
    """Means as captioned and of res-3, each with its root mean square at first order; published means."""
    process = tables["fig4"][tables["fig4"]["weights"] == "process"]

    def panel(axis: Axes, beta: float) -> None:
        captioned, res_3 = (frame[frame["beta"] == beta] for frame in (table, process))
        both_models(axis, captioned, res_3, column)
        first_order_curve(axis, s, beta, column, inside=True, color=COLOURS[3])
        first_order_curve(axis, s, beta, column, color=COLOURS[0])
        published_means(axis, published, beta, s.depths)

    return depth_page(s, column, preset, panel, height=2.7)
