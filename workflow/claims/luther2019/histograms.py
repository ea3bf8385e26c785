"""Measurements on the histograms of pre-activations (Luther & Seung 2019)."""

import numpy as np
import pandas as pd
from scipy import special, stats

from claims.data import PaperData
from deepinit.dense.length_moments import log_factor_moments
from deepinit.stats.intervals import Estimate, fraction_interval, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

_Z = float(stats.norm.ppf((1 + LEVEL) / 2))


def _of_row(data: PaperData, row: str) -> pd.DataFrame:
    """Return one line a histogram."""
    return data.rows("histograms", row=row).drop_duplicates(["layer", "net"])


def distance(data: PaperData, law: str, false_alarm: float) -> Measurement:
    """Largest Kolmogorov–Smirnov distance over layers to "normal" or the "exact" law.

    Expected: its critical value, a false alarm in any layer included.
    """
    frame = _of_row(data, "network").set_index("layer")
    critical = stats.kstwo.isf(false_alarm / len(frame), int(frame["values"].iloc[0]))
    found = frame[f"ks_{law}"]
    note = f"measured: the distance in layer {found.idxmax()}; published: its critical value"
    if law == "normal":
        deepest = frame.loc[frame.index.max()]
        error = np.sqrt(24 / deepest["values"])
        note += (
            f"; kurtosis in layer {frame.index.max()}: {deepest['kurtosis']:.2f}, standard error "
            f"about the normal law's 3: {error:.2f}"
        )
    return Measurement(Estimate.exactly(float(found.max())), expected=float(critical), note=note)


def sd_over_inputs(data: PaperData, width: int, layer: int) -> Measurement:
    """Mean over networks of v, from the figure of finite widths, whose layers count from 0."""
    variance = data.rows("finite_width", width=width, layer=layer - 1)["variance"]
    drawn = _of_row(data, "sample")
    own = drawn[drawn["layer"] == layer]["net_sd"]
    note = f"N = {width}"
    if len(own):
        note += ", v of the networks drawn here: " + ", ".join(f"{sd:.3f}" for sd in own)
    return Measurement(mean_interval(np.sqrt(variance), LEVEL), note=note)


def peaks_apart(data: PaperData, layer: int) -> Measurement:
    """Share of units whose mean over inputs is further from zero than their sd, least network.

    Given the layer below the units are independent, so the interval is that of a fraction.
    """
    frame = _of_row(data, "sample")
    frame = frame[frame["layer"] == layer]
    if frame.empty:
        raise NotTested(f"needs layer {layer}")
    units = data.settings["histograms"]["width"]
    level = 1 - (1 - LEVEL) / len(frame)
    return Measurement(
        fraction_interval(round(frame["net_apart"].min() * units), units, level),
        note=f"the least of {len(frame)} networks",
    )


def mean_log_square(data: PaperData) -> Measurement:
    """Mean of the log of the units' mean square in the deepest layer, against the exact one."""
    width = data.settings["histograms"]["width"]
    row = _of_row(data, "network").sort_values("layer").iloc[-1]
    expected = (row["layer"] - 1) * log_factor_moments(width)[0]
    expected += special.digamma(width / 2) - np.log(width / 2)
    reach = _Z * row["log_square_error"]
    return Measurement(
        Estimate(row["log_square"], row["log_square"] - reach, row["log_square"] + reach),
        expected=float(expected),
        note=f"layer {row['layer']}: the typical sd of a network is {np.exp(expected / 2):.3f}",
    )
