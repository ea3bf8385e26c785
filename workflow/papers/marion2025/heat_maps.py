"""Maps of the mean of log10 of a ratio over β and the Hurst index, and their zero contours.

A column is "output" or "gradient". Tables have one row per input, and all β and inputs of a weight
draw share its weights: the draws are the replicates.
"""

import pandas as pd

from deepinit.stats.intervals import zero_crossing


def mean_map(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the mean of log10 of a ratio, β down, H across."""
    return frame.groupby(["beta", "hurst"])[f"log10_{column}_change"].mean().unstack()


def published_map(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a published map, whose file has a row for each β and a column for each H, in the same form."""
    return frame.set_index("beta").rename(columns=float).rename_axis(columns="hurst")


def zero_contour(grid: pd.DataFrame) -> pd.Series:
    """Return the β at which a map, β down and H across, is zero, by H; NaN where it is not."""
    return pd.Series({hurst: zero_crossing(grid.index, grid[hurst]) for hurst in grid})


def contours_by_draw(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the zero contour of each weight draw by itself: H down, draws across."""
    return pd.DataFrame(
        {draw: zero_contour(mean_map(rows, column)) for draw, rows in frame.groupby("draw")}
    )
