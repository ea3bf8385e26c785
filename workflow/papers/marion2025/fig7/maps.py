"""Our maps and the published ones, brought to one form (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd

from papers.marion2025.heat_maps import contours_by_draw, published_map
from study.figure_data import FigureData
from study.verdicts import NotTested

#: Published maps, clipped to [−1, 1], of i/49 for i = 9 … 61.
PUBLISHED = {"output": "a_output", "gradient": "b_gradient"}
Spread = pd.Series | pd.DataFrame


def published_of(data: FigureData, column: str) -> pd.DataFrame:
    """Return a published map, β down and H across."""
    return published_map(data.published[PUBLISHED[column]])


def rows_of(data: FigureData, generator: str) -> pd.DataFrame:
    """Return the rows of one generator of the noise, β and H rounded as in the published files.

    Raises:
        NotTested: there are none.
    """
    frame = data.tables["fig7"]
    frame = frame[frame["generator"] == generator]
    if frame.empty:
        raise NotTested(f"needs the map of the {generator} noise")
    return frame.assign(beta=frame["beta"].round(6), hurst=frame["hurst"].round(4))


def comparable(data: FigureData, generator: str) -> pd.DataFrame:
    """Return the rows of one generator at the published β.

    Raises:
        NotTested: networks of another depth, or a published β is not computed.
    """
    frame, betas = rows_of(data, generator), published_of(data, "output").index
    if data.settings["fig7"]["depth"] != 1000 or not betas.isin(frame["beta"]).all():
        raise NotTested("needs L = 1000 and the published grid of β")
    return frame[frame["beta"].isin(betas)]


def contour_of(data: FigureData, column: str, generator: str = "exact") -> pd.DataFrame:
    """Return mean and standard deviation over draws of the zero contour, by Hurst index.

    All β and inputs of a draw share its weights, so each draw gives one contour of its own and
    the draws are the replicates.
    """
    contours = contours_by_draw(comparable(data, generator), column)
    if contours.isna().any(axis=None):
        raise NotTested("the grid of β does not reach the zero contour at every H")
    return pd.DataFrame({"mean": contours.mean(axis=1), "std": contours.std(axis=1)})


def pooled(variance: Spread, draws: int) -> tuple[Spread, Spread]:
    """Return the standard error of a difference of two means over draws, and its degrees of freedom.

    From variances over draws, H down: means over five neighbouring H. The published means come from as many
    draws, so that their own sampling error is as large as ours.
    """
    near = variance.rolling(5, center=True, min_periods=1)
    return np.sqrt(2 * near.mean() / draws), (draws - 1) * near.count()
