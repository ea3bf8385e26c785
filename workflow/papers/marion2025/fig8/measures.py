"""Measurements on weights before and after training (Marion et al. 2025, Figures 8 and 15)."""

from types import SimpleNamespace

import pandas as pd

from deepinit.resnet.smooth_weights_theory import layer_correlation
from deepinit.stats.intervals import mean_interval
from deepinit.stats.roughness import hurst_index
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested


def _values(data: FigureData, law: str, beta: float, stage: str, quantity: str) -> pd.Series:
    """Return the values of one quantity of one panel and stage, by network."""
    rows = data.rows(data.figure, law=law, beta=beta, stage=stage)
    return rows[rows["quantity"] == quantity].set_index("network")["value"]


def roughness(
    data: FigureData, s: SimpleNamespace, law: str, beta: float, stage: str = "after"
) -> Measurement:
    """Mean over networks of the Hurst index estimated from second-order variations.

    Entries of one network share its training: each network gives one estimate. Before training the
    expected value follows from the law: 0 for independent weights, and for smooth ones the index
    of the process itself at these lags.
    """
    indices = _values(data, law, beta, stage, "hurst")
    if stage != "before" and s.depth < 1000:
        raise NotTested("needs L = 1000: the finest scale is 1/L")
    expected, note = None, f"lags {s.lags[0]} and {s.lags[1]}"
    if stage == "before":
        expected = 0.0 if law == "independent" else _index_of_smooth_weights(s)
    elif stage in ("after", "change"):
        accuracy = _values(data, law, beta, "after", "test_accuracy")
        if len(accuracy):
            note += (
                f", {len(accuracy)} networks trained to a test accuracy of {accuracy.mean():.3f}"
            )
    return Measurement(mean_interval(indices, LEVEL), expected=expected, note=note)


def rise_with_lag(data: FigureData, law: str, beta: float, lags: list[int]) -> Measurement:
    """Mean over networks of Ĥ of the change between two longer lags less that between the first two.

    0 for a path that is self-similar, as fractional Brownian motion is.
    """
    rows = data.rows(data.figure, law=law, beta=beta, stage="change", quantity="variation")
    curves = rows.pivot(index="network", columns="position", values="value")
    if not set(lags) <= set(curves):
        raise NotTested(f"needs the lags {lags[0]} and {lags[1]}")
    fine, coarse = (
        curves[pair].apply(hurst_index, axis=1, lags=pair)
        for pair in (curves.columns[:2].tolist(), lags)
    )
    return Measurement(
        mean_interval(coarse - fine, LEVEL), note=f"from {fine.mean():.2f} to {coarse.mean():.2f}"
    )


def _index_of_smooth_weights(s: SimpleNamespace) -> float:
    """Return log(E S(b)/E S(a))/(2 log(b/a)) from E S(l) = 6 ρ(0) − 8 ρ(l) + 2 ρ(2l)."""
    correlation = layer_correlation(s.depth, s.smooth)[0]
    lags = s.lags[:2]
    means = [6 * correlation[0] - 8 * correlation[lag] + 2 * correlation[2 * lag] for lag in lags]
    return hurst_index(means, lags)


def size_of_biases(data: FigureData, law: str, beta: float) -> Measurement:
    """Root mean square of the trained biases over that of the change of the weights."""
    size = _values(data, law, beta, "after", "bias_root_mean_square")
    change = _values(data, law, beta, "change", "root_mean_square")
    return Measurement(mean_interval(size / change, LEVEL))
