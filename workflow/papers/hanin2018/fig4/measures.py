"""Measurements on the squared length in convolutional networks (Hanin & Rolnick 2018, Figure 4)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy

from deepinit.dense.length_moments import log_factor_moments
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.stats.intervals import (
    BOOTSTRAP_SEED,
    Estimate,
    fraction_interval,
    mean_interval,
    sum_interval,
)
from papers.hanin2018.fig4.points import (
    Sets,
    exact_means,
    log10_means,
    read_off,
    rows_of,
)
from papers.hanin2018.published import LAYERS_PER_CHANNEL
from study.figure_data import Tables
from study.verdicts import LEVEL, SCORE, Measurement, NotTested

_READING_ERROR, _FEWEST, _RESAMPLES = 0.15, 200, 1000
#: Depth from which on networks are compared with theory: shallower ones have one or two channels.
_SHALLOWEST = 30
#: Channels of the image.
_COLOURS = 3


def _enough(rows: pd.DataFrame, shallowest: int = 1) -> pd.DataFrame:
    """Return the rows from a depth on."""
    rows = rows[rows["depth"] >= shallowest]
    if rows["depth"].nunique() < 5 or rows.groupby("depth").size().min() < _FEWEST:
        raise NotTested(f"needs five depths from {shallowest} on and {_FEWEST} networks at each")
    return rows


def _around(value: float, draws: np.ndarray) -> Estimate:
    """Return a value and the normal interval of draws, which has to contain it."""
    low, high = draws.mean() + SCORE * draws.std(ddof=1) * np.array([-1, 1])
    return Estimate(float(value), min(float(low), float(value)), max(float(high), float(value)))


def _slope_weights(depths: np.ndarray) -> np.ndarray:
    """Return the weights of values at `depths` in the slope of their least-squares line."""
    centred = np.asarray(depths, dtype=float) - np.mean(depths)
    return centred / np.sum(centred**2)


def slope(table: pd.DataFrame, published: Tables, others: Sets, law: str) -> Measurement:
    """Slope in depth of log10 of the mean squared length, against that of the published points.

    The interval is where the slope of ten means of a thousand other networks would lie.
    """
    rows, read = _enough(rows_of(table, law)), read_off(published)[law]
    if set(read.index) - set(rows["depth"]):
        raise NotTested("needs the paper's depths")
    rows = rows[rows["depth"].isin(read.index)]
    weights, exact = _slope_weights(read.index.to_numpy()), exact_means(rows)
    shape = WEIGHT_LAWS[law].shape
    draws = np.array([others[shape, depth] + exact[depth] for depth in read.index])
    kappa = WEIGHT_LAWS[law].length_gain
    return Measurement(
        _around(weights @ log10_means(rows)[read.index], weights @ draws),
        expected=float(weights @ read),
        slack=float(_READING_ERROR * np.abs(weights).sum()),
        note=f"log10 per layer; log10 κ = {np.log10(kappa):.4f}, κ = {kappa:.5g}",
    )


def _first_layer(law: str, channels: int, kernel: int) -> float:
    """Return log10 of what the first layer multiplies the mean length by, over κ.

    Zero for laws that divide by the fan-in; Glorot's divide by the sum of the fans, which differ there.
    """
    fan_in, found = _COLOURS * kernel**2, WEIGHT_LAWS[law]
    gain = found.variance(channels * kernel**2, fan_in) * fan_in / 2
    return float(np.log10(gain / found.length_gain))


def ratio_to_he_normal(s: SimpleNamespace, table: pd.DataFrame, law: str) -> Measurement:
    """Slope in depth of log10 of the ratio of medians, law over He normal, against log10 κ.

    The first layer is brought to κ. Intervals from networks drawn again, live and dead, the same for
    both laws.
    """
    generator, values, depths = np.random.default_rng(BOOTSTRAP_SEED), [], []
    kappa = WEIGHT_LAWS[law].length_gain
    rows = _enough(pd.concat([rows_of(table, law), rows_of(table, "he_normal")]), _SHALLOWEST)
    for depth, group in rows.groupby("depth"):
        logs = group.pivot(index="network", columns="law", values="log10_length").fillna(-np.inf)
        picks = generator.integers(len(logs), size=(_RESAMPLES, len(logs)))
        picks[0] = np.arange(len(logs))
        ratio = np.subtract(*(np.median(logs[name].to_numpy()[picks], axis=1)
                              for name in (law, "he_normal")))  # fmt: skip
        values.append(ratio - _first_layer(law, depth // LAYERS_PER_CHANNEL, s.kernel))
        depths.append(depth)
    slopes = _slope_weights(np.array(depths)) @ np.array(values)
    return Measurement(
        _around(slopes[0], slopes[1:]),
        expected=float(np.log10(kappa)),
        note=f"log10 per layer, from depth {_SHALLOWEST} on; κ = {kappa:.5g}",
    )


def growth(table: pd.DataFrame, law: str) -> Measurement:
    """κ times the mean growth a layer at the greatest depth, over its exact mean given the layer below."""
    rows = rows_of(table, law)
    rows = rows[rows["depth"] == rows["depth"].max()]
    if len(rows) < _FEWEST:
        raise NotTested(f"needs {_FEWEST} networks")
    kappa = WEIGHT_LAWS[law].length_gain
    return Measurement(mean_interval(kappa * rows["mean_growth"], LEVEL), expected=kappa)


def dead_share(table: pd.DataFrame, kernel_area: int) -> Measurement:
    """Share of networks, He normal, that are dead where a layer has one channel.

    Maps are nowhere negative, so that a layer with no positive weight is dead: with probability 2^−k² for
    each layer but the first.
    """
    rows = rows_of(table, "he_normal")
    rows = rows[rows["depth"] == LAYERS_PER_CHANNEL]
    if len(rows) < _FEWEST:
        raise NotTested(f"needs {_FEWEST} networks of {LAYERS_PER_CHANNEL} layers")
    bound = -np.expm1((LAYERS_PER_CHANNEL - 1) * np.log1p(-(2.0**-kernel_area)))
    share = fraction_interval(int(rows["dead"].sum()), len(rows), LEVEL)
    return Measurement(share, expected=float(bound), note=f"{rows['dead'].sum()} of {len(rows)}")


def shortfall(table: pd.DataFrame, others: Sets) -> Measurement:
    """log10 of the sample mean over the expectation, He normal: mean over depths."""
    rows = _enough(rows_of(table, "he_normal"), _SHALLOWEST)
    draws = np.array([others["normal", depth] for depth in sorted(rows["depth"].unique())])
    return Measurement(
        _around((log10_means(rows) - exact_means(rows)).mean(), draws.mean(axis=0)),
        note="the interval is where means of a thousand other networks would lie",
    )


def log_variances(table: pd.DataFrame, image: str) -> pd.DataFrame:
    """Return the variance of ln M_d of live networks, He normal, and that of its logarithm, by depth."""
    found = {}
    for depth, rows in rows_of(table, "he_normal", image).groupby("depth"):
        logs = rows["log10_length"].dropna().to_numpy() * np.log(10)
        count, variance = len(logs), logs.var(ddof=1)
        found[depth] = (variance, (scipy.stats.kurtosis(logs, fisher=False) - 1) / count, count)
    return pd.DataFrame.from_dict(found, orient="index", columns=["variance", "error", "count"])


def connected_variance(depth: int, width: int) -> float:
    """Return the variance of ln M_d in a fully connected network of that width (live layers)."""
    return depth * log_factor_moments(width)[1]


def effective_width(depth: int, variance: float) -> float:
    """Return the width of the fully connected network whose ln M_d has that variance, interpolated."""
    widths = np.arange(1, 200)
    variances = np.array([connected_variance(depth, width) for width in widths])
    falling = widths >= variances.argmax() + 1
    return float(np.interp(-variance, -variances[falling], widths[falling]))


def _geometric_mean(logs: pd.Series, errors: pd.Series, counts: pd.Series) -> Estimate:
    """Return the geometric mean over depths, whose networks are independent."""
    parts = errors / len(logs) ** 2
    return sum_interval(logs.mean(), parts, counts - 1, LEVEL).map(np.exp)


def spread_over_fully_connected(table: pd.DataFrame, kernel_area: int) -> Measurement:
    """Variance of ln M_d over that of a fully connected network as wide as channels × `kernel_area`.

    Geometric mean over depths, He normal.
    """
    _enough(rows_of(table, "he_normal"), _SHALLOWEST)
    found = log_variances(table, "picture").loc[_SHALLOWEST:]
    channels = {depth: depth // LAYERS_PER_CHANNEL for depth in found.index}
    connected = [connected_variance(depth, c * kernel_area) for depth, c in channels.items()]
    widths = [effective_width(depth, found["variance"][depth]) / c for depth, c in channels.items()]
    return Measurement(
        _geometric_mean(np.log(found["variance"] / connected), found["error"], found["count"]),
        note=f"depths {_SHALLOWEST} and more; the fully connected network of the same variance is "
        f"{min(widths):.2g} to {max(widths):.2g} times as wide as there are channels",
    )


def noise_over_picture(table: pd.DataFrame) -> Measurement:
    """Variance of ln M_d for an image of white noise over that for the picture: geometric mean."""
    picture, noise = (log_variances(table, i).loc[_SHALLOWEST:] for i in ("picture", "noise"))
    if len(picture) < 5 or noise["count"].min() < 100:
        raise NotTested(f"needs five depths from {_SHALLOWEST} on and 100 networks of the noise")
    logs = np.log(noise["variance"] / picture["variance"])
    # The same networks: adding the errors is on the safe side of their correlation.
    return Measurement(_geometric_mean(logs, picture["error"] + noise["error"], noise["count"]))
