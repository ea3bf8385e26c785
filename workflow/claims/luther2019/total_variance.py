"""Measurements on the total variance of finite networks (after Luther & Seung 2019)."""

import numpy as np
import pandas as pd

from claims.data import PaperData
from deepinit.meanfield.total_variance import first_order_variance, one_input_log_mean
from deepinit.stats.intervals import Estimate, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

# Variance of log σ² up to which the mean of some networks is not heavy-tailed.
_LIGHT_TAIL = 0.2


def _by_layer(data: PaperData, width: int) -> pd.DataFrame:
    """Return σ², one row a network, one column a layer."""
    frame = data.rows("finite_width", width=width)
    total = frame["squared_mean"] + frame["variance"]
    return total.set_axis(pd.MultiIndex.from_frame(frame[["block", "network", "layer"]])).unstack(
        "layer"
    )


def mean_total(data: PaperData, width: int) -> Measurement:
    """Mean of σ² in the deepest layer in which it is not heavy-tailed."""
    total = _by_layer(data, width)
    spread = first_order_variance(total.shape[1], None) / width
    layer = int(np.flatnonzero(spread <= _LIGHT_TAIL).max())
    return Measurement(
        mean_interval(total[layer], LEVEL),
        expected=1.0,
        note=f"layer {layer}, {len(total)} networks; deeper layers are heavy-tailed",
    )


def mean_log(data: PaperData, width: int) -> Measurement:
    """Mean of log σ² in the last layer."""
    logs = np.log(_by_layer(data, width))
    last = int(logs.columns.max())
    return Measurement(
        mean_interval(logs[last], LEVEL),
        note=f"layer {last}; −5l/(2N) = {-2.5 * last / width:.3g}, median of σ² "
        f"{np.exp(logs[last].median()):.3g}",
    )


def above_one_input(data: PaperData, width: int) -> Measurement:
    """Mean of log σ² of many inputs minus the exact one of a single input, last layer."""
    logs = np.log(_by_layer(data, width))
    last = int(logs.columns.max())
    if last < 2:
        raise NotTested("needs three layers or more")
    bound = float(one_input_log_mean(width, last + 1)[last])
    value, low, high = mean_interval(logs[last], LEVEL)
    return Measurement(
        Estimate(value - bound, low - bound, high - bound),
        note=f"layer {last}; mean of log σ² {value:.3g}, one input {bound:.3g}",
    )
