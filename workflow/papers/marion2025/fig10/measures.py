"""Measurements on the weight inside the activation, iid weights (Marion et al. 2025, Figure 10).

`model` is "res-3" (the networks of Figure 1) or an activation σ of h + α σ(W h).
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from deepinit.resnet.single_weight_theory import log_mean_squared_change
from deepinit.stats.intervals import mean_interval
from papers.marion2025.depth_measures import relative_squares
from papers.marion2025.published_means import (
    Point,
    largest_score,
    log10_mean_against_published,
    mean_against_published,
)
from study.figure_data import Tables, rows_where
from study.verdicts import LEVEL, Measurement, NotTested


def _logs(tables: Tables, model: str, beta: float, depth: int) -> np.ndarray:
    """Return the decimal logarithms of ‖h_L − h_0‖/‖h_0‖ of one model at one point."""
    if model == "res-3" and beta == 0.25:
        # A mean that exploding networks make needs more than those of Figure 1.
        frame = rows_where(tables["means"], weights="independent", beta=beta, depth=depth)
    elif model == "res-3":
        frame = rows_where(tables["fig1"], beta=beta, depth=depth)
    else:
        frame = rows_where(tables["fig10"], activation=model, beta=beta, depth=depth)
    return frame["log10_output_change"].to_numpy()


def mean_at(tables: Tables, model: str, beta: float, depth: int) -> Measurement:
    """Mean of ‖h_L − h_0‖/‖h_0‖ at one point."""
    return mean_against_published(_logs(tables, model, beta, depth))


def log10_mean_at(tables: Tables, model: str, beta: float, depth: int) -> Measurement:
    """log10 of the mean of ‖h_L − h_0‖/‖h_0‖ at one point."""
    return log10_mean_against_published(_logs(tables, model, beta, depth))


def discrepancy_of_model(tables: Tables, published: Tables, model: str) -> Measurement:
    """Largest difference to the published values of Figure 10, of four points or all five.

    A factor of two has to show. See `papers.marion2025.published_means`.
    """
    points = []
    for row in published["means"].itertuples():
        try:
            logs = _logs(tables, model, row.beta, row.depth)
        except NotTested:
            continue
        place = f"β = {row.beta:g}, L = {row.depth}"
        points.append(Point(place, row.ratio, row.reading_error, logs))
    return largest_score(points, fewest=4, widest=2.0)


def mean_square_at_infinite_width(
    s: SimpleNamespace, table: pd.DataFrame, activation: str, betas: list[float]
) -> Measurement:
    """Mean of ‖h_L − h_0‖²/‖h_0‖² with σ inside over its limit of infinite width, all depths and some β.

    With σ = identity, where it is (1 + α²)^L − 1, it holds at any width, with ReLU up to a relative O(1/d);
    1/d is allowed for.
    """
    frame = rows_where(table, activation=activation)
    frame = frame[frame["beta"].isin(betas)]
    if len(frame) < 2:
        raise NotTested(f"needs {activation} at these β")
    slope, allowance = {"identity": (1.0, 0.0), "relu": (0.0, 1 / s.width)}[activation]
    relative = relative_squares(
        frame, "output", lambda L, beta: np.exp(log_mean_squared_change(L, beta, slope))
    )
    return Measurement(mean_interval(relative, LEVEL), expected=1.0, allowance=allowance)
