"""The weight inside the activation, iid weights, beside res-3 (Marion et al. 2025, Figures 10, 12)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.single_weight_theory import log_mean_squared_change
from papers.marion2025 import depth_measures
from papers.marion2025.depth_drawing import depth_page, mean_curve, published_means, theory_curve
from papers.marion2025.fig10 import measures
from papers.marion2025.inside_drawing import both_models
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import COLOURS

# Claims are about the model of the caption where they name no other.
figure = Presentation(depth_measures, measures, column="output", only={"activation": "relu"})

_OTHERS = {"leaky": "leaky ReLU 0.8", "identity": "identity", "tanh": "tanh"}


@figure.draw
def draw(
    s: SimpleNamespace,
    table: pd.DataFrame,
    tables: Tables,
    published: Tables,
    preset: str,
    column: str,
) -> Page:
    """Means as captioned, with its limit of infinite width, with other activations, and of res-3."""

    def panel(axis: Axes, beta: float) -> None:
        rows, res_3 = (frame[frame["beta"] == beta] for frame in (table, tables["fig1"]))
        both_models(axis, rows[rows["activation"] == "relu"], res_3, column)
        if column == "output":
            theory_curve(
                axis, s.depths,
                lambda depth: float(np.exp(log_mean_squared_change(depth, beta, 0) / 2)),
                "as captioned, infinite width", color="black", zorder=4,
            )  # fmt: skip
        published_means(axis, published, beta, s.depths)
        for colour, (activation, label) in zip((4, 2, 1), _OTHERS.items(), strict=True):
            other = rows[rows["activation"] == activation]
            if len(other):
                line = {"color": COLOURS[colour], "lw": 0.7, "zorder": 1.5, "label": label}
                mean_curve(axis, other, column, **line)

    return depth_page(s, column, preset, panel, height=2.9)
