"""The weight inside the activation, as captioned, beside res-3 (Marion et al. 2025, Figures 10 to 14)."""

import pandas as pd
from matplotlib.axes import Axes

from papers.marion2025.depth_drawing import mean_curve
from study.style import COLOURS

CAPTIONED = r"as captioned, $h + \alpha\,\mathrm{ReLU}(Wh)$"
RES_3 = r"res-3, $h + \alpha\,V\,\mathrm{ReLU}(Wh)$"


def both_models(axis: Axes, captioned: pd.DataFrame, res_3: pd.DataFrame, column: str) -> None:
    """Draw mean changes against depth at one β, of res-3 where its table has this β."""
    mean_curve(axis, captioned, column, color=COLOURS[3], marker="s", label=CAPTIONED)
    if len(res_3):
        mean_curve(axis, res_3, column, color=COLOURS[0], marker="o", label=RES_3)
