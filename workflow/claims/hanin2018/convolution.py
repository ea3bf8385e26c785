"""Measurements on random convolutional networks (Hanin & Rolnick 2018)."""

import numpy as np
import pandas as pd

from claims.data import PaperData
from deepinit.statistics import Estimate, bootstrap, mean_interval
from deepinit.theory.length_moments import log_factor_moments
from deepinit.verdicts import LEVEL, Measurement, NotTested


def _deepest(data: PaperData, padding: str, most: bool, least_depth: int = 30) -> pd.DataFrame:
    """Return the rows at the greatest depth with most, or fewest, channels."""
    frame = data.rows("conv", padding=padding)
    depth = frame["depth"].max()
    if depth < least_depth:
        raise NotTested(f"needs a depth of {least_depth} or more")
    channels = frame["channels"].max() if most else frame["channels"].min()
    return frame[(frame["depth"] == depth) & (frame["channels"] == channels)]


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


def _contrast(values: pd.Series) -> float:
    """Return the standard deviation over pixels over the mean."""
    return float(values.std(ddof=0) / values.mean()) if values.mean() > 0 else float("nan")


def map_contrast(data: PaperData, padding: str) -> Measurement:
    """Contrast (standard deviation over mean) of the deepest map over that of the first layer's."""
    frame = data.rows("conv_maps", padding=padding)
    frame = frame[frame["channels"] == frame["channels"].max()]
    first, last = (frame[frame["layer"] == layer] for layer in (1, frame["layer"].max()))
    if first.empty or last["layer"].iloc[0] < 30:
        raise NotTested("needs layer 1 and one of 30 or more")
    ratio = _contrast(last["value"]) / _contrast(first["value"])
    return Measurement(
        Estimate.exactly(ratio),
        note=f"one network, {last['channels'].iloc[0]} channels: {_contrast(first['value']):.3g} in layer 1, "
        f"{_contrast(last['value']):.3g} in layer {last['layer'].iloc[0]}",
    )
