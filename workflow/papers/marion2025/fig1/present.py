"""Change of outputs, or of gradients, against depth, iid weights (Marion et al. 2025, Figures 1, 3)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from papers.marion2025 import depth_measures
from papers.marion2025.depth_drawing import depth_page, mean_curve, published_means, theory_curve
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS

figure = Presentation(depth_measures, column="output", only={})


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, published: Tables, preset: str, column: str
) -> Page:
    """Mean change with its interval, the exact root mean square, published means."""

    def panel(axis: Axes, beta: float) -> None:
        rows = table[table["beta"] == beta]
        mean_curve(axis, rows, column, color=COLOURS[0], marker="o", label="mean, 95 % interval")
        theory_curve(
            axis, s.depths,
            lambda depth: mean_squared_change_bounds(depth, beta)[0] ** 0.5,
            r"$\sqrt{(1+\alpha^2/2)^L-1}$ (r.m.s.)",
        )  # fmt: skip
        published_means(axis, published, beta, s.depths)

    return depth_page(s, column, preset, panel, height=2.5)
