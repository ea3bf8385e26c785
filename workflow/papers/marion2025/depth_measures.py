"""Measurements on changes against depth (Marion et al. 2025, Figures 1, 3 to 5 and 10 to 14).

`column` is "output" or "gradient", and `only` names values that columns of the table must have, such
as {weights: process}; presentations say which where claims do not.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from deepinit.stats.intervals import Estimate, mean_interval
from papers.marion2025.published_means import Point, largest_score
from study.figure_data import Tables, rows_where
from study.verdicts import LEVEL, SCORE, Measurement, NotTested

Only = Mapping[str, Any]


def _rows(table: pd.DataFrame, beta: float, column: str, only: Only) -> pd.DataFrame:
    """Return the chosen rows, their decimal logarithms in the column "log10"."""
    frame = rows_where(table, beta=beta, **only)
    return frame.assign(log10=frame[f"log10_{column}_change"])


def relative_squares(
    rows: pd.DataFrame, column: str, exact: Callable[[int, float], float]
) -> pd.Series:
    """Return squared changes over what `exact` gives for their depth and β."""
    points = list(zip(rows["depth"], rows["beta"], strict=True))
    values = {point: exact(*point) for point in set(points)}
    return 10 ** (2 * rows[f"log10_{column}_change"]) / [values[point] for point in points]


def largest_discrepancy(
    table: pd.DataFrame,
    tables: Tables,
    published: Tables,
    beta: float,
    column: str,
    only: Only,
    of: str = "",
    fewest: int = 3,
    widest: float = 2.0,
) -> Measurement:
    """Largest difference to the published means over depths; factors above `widest` have to show.

    Ours are those of the figure `of`, or of the one that is drawn. See `papers.marion2025.published_means`.
    """
    means = published["means"]
    logs = _rows(tables[of] if of else table, beta, column, only).groupby("depth")["log10"]
    points = [
        Point(
            f"L = {row.depth}", row.ratio, row.reading_error, logs.get_group(row.depth).to_numpy()
        )
        for row in means[means["beta"] == beta].itertuples()
        if row.depth in logs.groups and len(logs.get_group(row.depth)) > 1
    ]
    return largest_score(points, fewest=fewest, widest=widest)


def _slope(frame: pd.DataFrame) -> Estimate:
    fit, covariance = np.polyfit(np.log10(frame["depth"]), frame["log10"], 1, cov=True)
    return Estimate.around(fit[0], SCORE * np.sqrt(covariance[0, 0]))


def slope_in_depth(
    table: pd.DataFrame,
    beta: float,
    column: str,
    only: Only,
    exact: bool = True,
) -> Measurement:
    """Slope of log10 of the change in log10 L.

    With `exact`, against that of the exact mean square of res-3 with iid weights.
    """
    frame = _rows(table, beta, column, only)
    depths = np.sort(frame["depth"].unique())
    if len(depths) < 2 or depths[-1] < 100:
        raise NotTested("needs two depths, one of them 100 or more")
    expected = None
    if exact:
        root = [0.5 * np.log10(mean_squared_change_bounds(depth, beta)[0]) for depth in depths]
        expected = float(np.polyfit(np.log10(depths), root, 1)[0])
    return Measurement(_slope(frame), expected=expected)


def rise_of_slope(table: pd.DataFrame, beta: float, column: str, only: Only) -> Measurement:
    """Slope in log-log over the three greatest depths minus that over the three smallest."""
    frame = _rows(table, beta, column, only)
    depths = np.sort(frame["depth"].unique())
    if len(depths) < 6 or depths[-1] < 500:
        raise NotTested("needs six depths, up to 500 or more")
    first = _slope(frame[frame["depth"].isin(depths[:3])])
    last = _slope(frame[frame["depth"].isin(depths[-3:])])
    half = np.hypot(first.half_width, last.half_width)
    return Measurement(
        Estimate.around(last.value - first.value, half),
        note=f"slope {first.value:.2f} at the smallest depths, {last.value:.2f} at the greatest",
    )


def mean_square_against_theory(table: pd.DataFrame, betas: list[float], column: str) -> Measurement:
    """Mean over networks of the squared change over its exact value, all depths and some β."""
    rows = table[table["beta"].isin(betas)]
    relative = relative_squares(
        rows, column, lambda L, beta: mean_squared_change_bounds(L, beta)[0]
    )
    return Measurement(mean_interval(relative, LEVEL), expected=1.0)
