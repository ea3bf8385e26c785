"""Measurements on nets with normalisation before the ReLU (Luther & Seung 2019)."""

import numpy as np
import pandas as pd
from scipy import stats

from claims.data import PaperData
from deepinit.meanfield.normalisation_theory import batch_norm_squared_mean
from deepinit.stats.intervals import Estimate, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

_FIRST_LAYERS = 10


def _by_layer(data: PaperData, kind: str, column: str) -> pd.DataFrame:
    """Return a column over σ², one row a network, one column a layer."""
    frame = data.rows("batch_norm", kind=kind)
    total = frame["squared_mean"] + frame["variance"]
    values = total if column == "total" else frame[column] / total
    return values.set_axis(pd.MultiIndex.from_frame(frame[["network", "layer"]])).unstack("layer")


def _drift(data: PaperData, layer: float) -> float:
    """Return how far m² may be from 1/π: 5l/(4N) of it in order of magnitude, and the batch's part."""
    settings = data.settings["batch_norm"]
    finite_batch = 1 / np.pi - batch_norm_squared_mean(settings["batch"])
    return 1.25 * layer / settings["width"] / np.pi + finite_batch


def _root(estimate: Estimate) -> Estimate:
    return Estimate(*(float(np.sqrt(max(part, 0))) for part in estimate))


def first_layers(data: PaperData, column: str) -> Measurement:
    """m or v over σ with batch norm, root mean square over layers 1 to 10."""
    shares = _by_layer(data, "batch norm", column)
    if shares.columns.max() < _FIRST_LAYERS:
        raise NotTested(f"needs {_FIRST_LAYERS + 1} layers")
    estimate = _root(mean_interval(shares[list(range(1, _FIRST_LAYERS + 1))].mean(axis=1), LEVEL))
    allowance = _drift(data, (1 + _FIRST_LAYERS) / 2) / (2 * estimate.value)
    return Measurement(
        estimate,
        allowance=allowance,
        note="the finite batch, and 5l/(4N) for finite width in order of magnitude, are allowed for",
    )


def last_layer(data: PaperData) -> Measurement:
    """v over σ with batch norm in the last layer."""
    shares = _by_layer(data, "batch norm", "variance")
    last = int(shares.columns.max())
    estimate = _root(mean_interval(shares[last], LEVEL))
    return Measurement(
        estimate,
        allowance=_drift(data, last) / (2 * estimate.value),
        note=f"layer {last}; v of the plain net: "
        f"{np.sqrt(_by_layer(data, 'plain', 'variance')[last].mean()):.3f}",
    )


def against_theory(data: PaperData, layer: int) -> Measurement:
    """m² over σ² with batch norm, against κ(−1/(T − 1))."""
    settings = data.settings["batch_norm"]
    if layer >= settings["layers"]:
        raise NotTested(f"needs layer {layer}")
    expected = batch_norm_squared_mean(settings["batch"])
    return Measurement(
        mean_interval(_by_layer(data, "batch norm", "squared_mean")[layer], LEVEL),
        expected=expected,
        allowance=1.25 * layer / settings["width"] * expected,
    )


def total_with_batch_norm(data: PaperData) -> Measurement:
    """Mean of σ² with batch norm in the last layer."""
    total = _by_layer(data, "batch norm", "total")
    last = int(total.columns.max())
    return Measurement(mean_interval(total[last], LEVEL), expected=1.0, note=f"layer {last}")


def layer_norm_against_plain(data: PaperData) -> Measurement:
    """Mean of v²/σ² with layer norm minus that of the plain net, last layer."""
    shares = {
        kind: _by_layer(data, kind, "variance").iloc[:, -1] for kind in ("layer norm", "plain")
    }
    test = stats.ttest_ind(shares["layer norm"], shares["plain"], equal_var=False)
    low, high = test.confidence_interval(LEVEL)
    gap = shares["layer norm"].mean() - shares["plain"].mean()
    return Measurement(
        Estimate(float(gap), float(low), float(high)),
        note="v/σ with layer norm "
        f"{np.sqrt(shares['layer norm'].mean()):.3f}, plain {np.sqrt(shares['plain'].mean()):.3f}",
    )
