"""Measurements on trained networks (Marion et al. 2025, Figures 8, 9 and 15)."""

import pandas as pd

from claims.data import PaperData
from deepinit.resnet.smooth_weights_theory import layer_correlation
from deepinit.stats.intervals import mean_interval
from deepinit.stats.roughness import hurst_index
from study.verdicts import LEVEL, Measurement, NotTested


def _stage(data: PaperData, figure: str, law: str, beta: float, stage: str) -> pd.DataFrame:
    """Return the rows of one panel and stage.

    Raises:
        NotTested: the preset does not have the panel, or all its networks diverged.
    """
    return data.rows(figure, law=law, beta=beta, stage=stage)


def roughness(
    data: PaperData,
    figure: str,
    law: str,
    beta: float,
    stage: str = "after",
    quantity: str = "hurst",
) -> Measurement:
    """Mean over networks of the Hurst index estimated from second-order variations.

    Entries of one network share its training: each network gives one estimate. Before training the
    expected value follows from the law: 0 for independent weights, and for smooth ones the index
    of the process itself at these lags.
    """
    rows = _stage(data, figure, law, beta, stage)
    settings = data.settings[figure]
    if stage != "before" and settings["depth"] < 1000:
        raise NotTested("needs L = 1000: the finest scale is 1/L")
    lags = settings["lags"][:2]
    expected = None
    if stage == "before":
        expected = 0.0 if law == "independent" else _index_of_smooth_weights(settings)
    accuracy = data.tables[figure]
    accuracy = accuracy[(accuracy["law"] == law) & (accuracy["beta"] == beta)]
    accuracy = accuracy[accuracy["quantity"] == "test_accuracy"]["value"]
    note = f"lags {lags[0]} and {lags[1]}"
    if stage != "before" and len(accuracy):
        note += f", {len(accuracy)} networks trained to a test accuracy of {accuracy.mean():.3f}"
    estimate = mean_interval(rows[rows["quantity"] == quantity]["value"], LEVEL)
    return Measurement(estimate, expected=expected, note=note)


def _index_of_smooth_weights(settings: dict) -> float:
    """Return log(E S(b)/E S(a))/(2 log(b/a)) from E S(l) = 6 ρ(0) − 8 ρ(l) + 2 ρ(2l)."""
    correlation = layer_correlation(settings["depth"], settings["smooth"])[0]
    lags = settings["lags"][:2]
    means = [6 * correlation[0] - 8 * correlation[lag] + 2 * correlation[2 * lag] for lag in lags]
    return hurst_index(means, lags)


def size_of_biases(data: PaperData, figure: str, law: str, beta: float) -> Measurement:
    """Root mean square of the trained biases over that of the change of the weights."""
    size = _stage(data, figure, law, beta, "after")
    size = size[size["quantity"] == "bias_root_mean_square"].set_index("network")["value"]
    change = _stage(data, figure, law, beta, "change")
    change = change[change["quantity"] == "root_mean_square"].set_index("network")["value"]
    return Measurement(mean_interval(size / change, LEVEL))
