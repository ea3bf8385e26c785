"""Measurements on gradients at initialisation (after Luther & Seung 2019)."""

import numpy as np
import pandas as pd

from claims.data import PaperData
from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.meanfield.gradients_theory import (
    batch_norm_growth,
    gradient_correlation,
    sample_init_growth,
)
from deepinit.stats.intervals import Estimate, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

# Layers between which growth is measured: away from the ends, and low, since the effect of
# finite width on the forward pass grows with the layer.
_LOW, _HIGH = 1, 11


def _by_layer(data: PaperData, kind: str, output_gradient: str, share: bool) -> pd.DataFrame:
    """Return m² over the mean square, or the mean square; networks × layers."""
    frame = data.rows("gradients", kind=kind, output_gradient=output_gradient)
    total = frame["squared_mean"] + frame["variance"]
    values = frame["squared_mean"] / total if share else total
    return values.set_axis(pd.MultiIndex.from_frame(frame[["network", "layer"]])).unstack("layer")


def _growth(data: PaperData, kind: str) -> tuple[Estimate, float]:
    """Return the factor of the r.m.s. gradient per layer, and the allowance for finite width.

    The factor is the exponential of the mean over networks of the slope of the logarithm. Allowance:
    5/(4N) because the mean of a logarithm lies below the logarithm of a mean, and half the
    first-order change of log v² with batch statistics, 5l/(4N) of m² = 1/π.
    """
    logs = np.log(_by_layer(data, kind, "own", share=False)) / 2
    if logs.columns.max() <= _HIGH:
        raise NotTested(f"needs more than {_HIGH + 1} layers")
    slope = mean_interval((logs[_LOW] - logs[_HIGH]) / (_HIGH - _LOW), LEVEL)
    width = data.settings["gradients"]["width"]
    allowance = 1.25 / width
    if kind != "plain":
        allowance += 0.5 * 1.25 * (_LOW + _HIGH) / 2 / width / (np.pi - 1)
    return Estimate(*(float(np.exp(part)) for part in slope)), allowance


def growth_in_the_limit(data: PaperData, kind: str) -> Measurement:
    """Factor of the r.m.s. gradient per layer, against a wide net and a large batch."""
    estimate, allowance = _growth(data, kind)
    batch = data.settings["gradients"]["batch"]
    theory = {"batch norm": batch_norm_growth, "sample init": sample_init_growth}
    if kind in theory:
        allowance += 0.5 * abs(theory[kind](batch) / theory[kind]() - 1)
    return Measurement(
        estimate,
        allowance=allowance * estimate.value,
        note=f"layers {_LOW} to {_HIGH}, batch {batch}; finite width and batch allowed for to "
        "first order",
    )


def growth(data: PaperData, kind: str) -> Measurement:
    """Factor of the r.m.s. gradient per layer, against theory with this batch."""
    estimate, allowance = _growth(data, kind)
    batch = data.settings["gradients"]["batch"]
    theory = {"batch norm": batch_norm_growth, "sample init": sample_init_growth}[kind]
    return Measurement(
        estimate, expected=float(np.sqrt(theory(batch))), allowance=allowance * estimate.value
    )


def common_share(data: PaperData, kind: str, above: int) -> Measurement:
    """Squared sample mean over the mean square, `above` layers from the top, one output gradient.

    Corrections of 5 layers/N are allowed for.
    """
    settings = data.settings["gradients"]
    depth = settings["depth"]
    layer = depth - 1 - above
    if layer < 0:
        raise NotTested(f"needs {above + 1} layers")
    correlations = (
        correlation_by_layer(depth - 1)
        if kind == "plain"
        else np.full(depth, -1 / (settings["batch"] - 1))
    )
    expected = float(gradient_correlation(correlations)[layer])
    return Measurement(
        mean_interval(_by_layer(data, kind, "shared", share=True)[layer], LEVEL),
        expected=expected,
        allowance=expected * 5 * (above + 1) / settings["width"],
        note=f"layer {layer} of {depth}",
    )


def common_share_left(data: PaperData, kind: str) -> Measurement:
    """Squared sample mean over the mean square in layer 0, one output gradient for all inputs."""
    shares = _by_layer(data, kind, "shared", share=True)
    return Measurement(mean_interval(shares[0], LEVEL))
