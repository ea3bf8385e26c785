"""Measurements on smooth weights (Marion et al. 2025, Figures 4, 5, 13, 14)."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd

from deepinit.resnet.smooth_weights_theory import first_order_mean_squares
from deepinit.stats.intervals import mean_interval
from papers.marion2025.depth_measures import Only, relative_squares
from papers.marion2025.published_means import log10_mean_against_published
from study.figure_data import Tables, rows_where
from study.verdicts import LEVEL, Measurement, NotTested

_FIRST_DEPTH = 100


def _deep(table: pd.DataFrame, beta: float, only: Only) -> pd.DataFrame:
    """Return the chosen rows of networks of depth 100 or more."""
    frame = rows_where(table, beta=beta, **only)
    frame = frame[frame["depth"] >= _FIRST_DEPTH]
    if len(frame) < 100:
        raise NotTested(f"needs 100 networks of depth {_FIRST_DEPTH} or more")
    return frame


def mean_square_at_first_order(
    s: SimpleNamespace,
    table: pd.DataFrame,
    beta: float,
    column: str,
    only: Only,
    inside: bool = False,
) -> Measurement:
    """Mean over networks of the squared change over its value at first order in α.

    Depths of 100 and more. The formula is off by a relative O((α L)²) for res-3, by O(α L) where
    the weight stands `inside`; that of the least depth is allowed for.
    """
    frame = _deep(table, beta, only)

    def exact(depth: int, beta: float) -> float:
        return first_order_mean_squares(depth, s.width, beta, inside=inside)[column == "gradient"]

    relative = relative_squares(frame, column, exact)
    reach = float(frame["depth"].min()) ** (1 - beta)
    return Measurement(
        mean_interval(relative, LEVEL), expected=1.0, allowance=reach if inside else reach**2
    )


def log10_mean_of_others(tables: Tables, beta: float, depth: int, column: str) -> Measurement:
    """log10 of the mean change at one depth; slack: what that of 50 networks is off by.

    Such a mean hangs on the largest few networks, and the published one does so too.
    """
    rows = rows_where(tables["means"], beta=beta, weights="smooth", depth=depth)
    logs = rows[f"log10_{column}_change"]
    measured = log10_mean_against_published(logs.to_numpy())
    return replace(
        measured, note=f"{measured.note}; median of the networks: 10^{logs.median():.1f}"
    )


def mean_change(table: pd.DataFrame, beta: float, only: Only, power: int = 0) -> Measurement:
    """Mean of L^power ‖h_L − h_0‖/‖h_0‖ over networks of depth 100 or more."""
    frame = _deep(table, beta, only)
    changes = 10 ** frame["log10_output_change"] * frame["depth"] ** power
    return Measurement(mean_interval(changes, LEVEL))


def gradient_over_output(table: pd.DataFrame, beta: float, only: Only) -> Measurement:
    """Mean of the gradients' changes over that of the outputs', networks of depth 100 or more."""
    frame = _deep(table, beta, only)
    both = mean_interval(frame["log10_gradient_change"] - frame["log10_output_change"], LEVEL)
    return Measurement(
        both.map(lambda part: 10**part),
        note="measured: geometric mean of the ratio of both changes, network by network",
    )
