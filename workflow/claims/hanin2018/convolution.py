"""Measurements on random convolutional networks (Hanin & Rolnick 2018)."""

import numpy as np
import pandas as pd

from claims.data import PaperData
from deepinit.dense.length_moments import log_factor_moments
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested


def _of_layer(data: PaperData, padding: str, most: bool, layer: int) -> pd.DataFrame:
    """Return the rows of one layer with most, or fewest, channels."""
    frame = data.rows("conv", padding=padding, depth=layer)
    channels = frame["channels"].max() if most else frame["channels"].min()
    return frame[frame["channels"] == channels]


def _deepest(data: PaperData, padding: str, most: bool, least_depth: int = 30) -> pd.DataFrame:
    """Return the rows at the greatest depth with most, or fewest, channels."""
    depth = int(data.rows("conv", padding=padding)["depth"].max())
    if depth < least_depth:
        raise NotTested(f"needs a depth of {least_depth} or more")
    return _of_layer(data, padding, most, depth)


def growth(data: PaperData, padding: str) -> Measurement:
    """Mean growth a layer over its exact value given the layer below, most channels."""
    rows = _deepest(data, padding, most=True)
    if len(rows) < 30:
        raise NotTested("needs 30 networks")
    exact = rows["exact_log10_mean"].iloc[0]
    return Measurement(
        mean_interval(rows["mean_growth"], LEVEL),
        expected=1.0,
        note=f"{rows['channels'].iloc[0]} channels, {rows['depth'].iloc[0]} layers, at the end of which "
        f"E M_d = {10**exact:.4g} M_0",
    )


def spread_over_fully_connected(data: PaperData, most: bool) -> Measurement:
    """Variance of ln M_d over that of a fully connected network of width C, circular padding."""
    rows = _deepest(data, "circular", most=most)
    channels, depth = int(rows["channels"].iloc[0]), int(rows["depth"].iloc[0])
    logs = rows[~rows["dead"]]["log10_length"].to_numpy() * np.log(10)
    connected = depth * log_factor_moments(channels)[1]
    estimate = bootstrap(logs, lambda values: float(np.var(values, ddof=1)) / connected, LEVEL)
    return Measurement(
        Estimate(*estimate),
        note=f"{channels} channels, depth {depth}; variance of ln M_d {estimate.value * connected:.3g}, "
        f"fully connected {connected:.3g}",
    )


def map_contrast(data: PaperData, padding: str) -> Measurement:
    """Contrast of the deepest map over that of the first layer's: geometric mean over networks.

    On the networks of the figure of lengths, with most channels; contrast is that of the output map
    with the largest length.
    """
    first, last = (
        rows.set_index("network")["map_contrast"]
        for rows in (
            _of_layer(data, padding, most=True, layer=1),
            _deepest(data, padding, most=True),
        )
    )
    logs = np.log(last / first).dropna()
    if len(logs) < 30:
        raise NotTested("needs 30 networks")
    ratio = mean_interval(logs, LEVEL)
    low, high = np.exp(np.quantile(logs, [0.1, 0.9]))
    return Measurement(
        Estimate(*(float(np.exp(part)) for part in ratio)),
        note=f"{len(logs)} networks; 80 % of them lie between {low:.2g} and {high:.2g}, "
        f"{int((logs >= 0).sum())} at 1 or above",
    )
