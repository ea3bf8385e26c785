"""Measurements on other activations (after Luther & Seung 2019)."""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from claims.data import PaperData
from deepinit.meanfield.activation_kernels import (
    SMOOTH,
    iterate,
    leaky_relu_decay,
    leaky_relu_map,
    smooth_map,
)
from deepinit.stats.intervals import Estimate, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

_DEEP = 100_000


def _curve(data: PaperData, activation: str, slope: float, start: float) -> pd.DataFrame:
    frame = data.rows("activations", activation=activation, slope=slope, start=start)
    total = frame["squared_mean"] + frame["variance"]
    return frame.assign(total=total, share=frame["squared_mean"] / total)


def correlation(
    data: PaperData, activation: str, layer: int, slope: float = 0.0, start: float = 0.0
) -> Measurement:
    """m²/σ² in one layer against the infinite width; corrections of 5 l/N allowed for."""
    frame = _curve(data, activation, slope, start)
    found = frame[frame["layer"] == layer]["share"]
    if len(found) < 2:
        raise NotTested(f"needs layer {layer}")
    if activation == "leaky_relu":
        expected = iterate(lambda c: leaky_relu_map(c, slope), layer, start)[layer]
    else:
        expected = iterate(smooth_map(SMOOTH[activation]), layer, start)[layer]
    width = data.settings["activations"]["width"]
    return Measurement(
        mean_interval(found, LEVEL),
        expected=float(expected),
        allowance=float(expected * 5 * layer / width),
        note=f"N = {width}",
    )


def slowdown(data: PaperData, slope: float) -> Measurement:
    """Limit of l²(1 − c_l) over that of ReLU, at l = 10⁵ of the infinite-width map."""
    deep = [
        1 - iterate(lambda c, a=slope: leaky_relu_map(c, a), _DEEP, 0.0)[-1]
        for slope in (slope, 0.0)
    ]
    k = (1 - slope) ** 2 / (1 + slope**2)
    return Measurement(
        Estimate.exactly(float(deep[0] / deep[1])),
        expected=float(leaky_relu_decay(slope) / leaky_relu_decay(0.0)),
        slack=0.01 / k**2,
        note=f"1/k² with k = (1 − a)²/(1 + a²); 1 % allowed for terms of order log(l)/l at l = {_DEEP}",
    )


def smallest_step_in_slope(data: PaperData) -> Measurement:
    """Increase of v²/σ² in the last layer from one slope to the next, where least certain."""
    slopes = sorted(data.settings["activations"]["slopes"])
    if len(slopes) < 2:
        raise NotTested("needs two slopes or more")
    level = 1 - (1 - LEVEL) / (len(slopes) - 1)
    steps = []
    for below, above in pairwise(slopes):
        shares = []
        for slope in (below, above):
            frame = _curve(data, "leaky_relu", slope, 0.0)
            shares.append(1 - frame[frame["layer"] == frame["layer"].max()]["share"])
        interval = stats.ttest_ind(*reversed(shares), equal_var=False).confidence_interval(level)
        gap = float(shares[1].mean() - shares[0].mean())
        steps.append(Estimate(gap, float(interval.low), float(interval.high)))
    return Measurement(min(steps, key=lambda step: step.low))


def last_correlation(data: PaperData, activation: str, slope: float = 0.0) -> Measurement:
    """m²/σ² in the last layer, from white noise."""
    frame = _curve(data, activation, slope, 0.0)
    last = frame["layer"].max()
    return Measurement(
        mean_interval(frame[frame["layer"] == last]["share"], LEVEL), note=f"layer {last}"
    )


def departure(data: PaperData, activation: str) -> Measurement:
    """Mean of log σ² in the last layer, from white noise."""
    frame = _curve(data, activation, 0.0, 0.0)
    last = frame["layer"].max()
    logs = np.log(frame[frame["layer"] == last]["total"])
    return Measurement(mean_interval(logs, LEVEL), note=f"layer {last}")
