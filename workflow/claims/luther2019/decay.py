"""Measurements on the decay of the sample variance (Luther & Seung 2019)."""

from itertools import pairwise

import numpy as np
from scipy import stats

from claims.data import PaperData
from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested


def theory_value(data: PaperData, column: str, layer: int) -> Measurement:
    """A number of the infinite-width table."""
    frame = data.tables["theory"].set_index("layer")
    if layer not in frame.index:
        raise NotTested(f"needs layer {layer}")
    return Measurement(Estimate.exactly(float(frame.loc[layer, column])))


def log_decay(data: PaperData) -> Measurement:
    """Mean over the widest networks of log(v²/v²_0) in the last layer."""
    frame = data.tables["finite_width"]
    wide = frame[frame["width"] == _widest(data)].set_index(["block", "network", "layer"])[
        "variance"
    ]
    layers = wide.unstack("layer")
    last = layers.columns.max()
    return Measurement(
        mean_interval(np.log(layers[last] / layers[0]), LEVEL),
        note=f"N = {_widest(data)}, layer {last} against layer 0",
    )


def ratio_at(data: PaperData, width: int, layer: int) -> Measurement:
    """Mean over networks of m/v."""
    return Measurement(
        mean_interval(data.rows("finite_width", width=width, layer=layer)["ratio"], LEVEL)
    )


def spread_at(data: PaperData, width: int, layer: int) -> Measurement:
    """Standard deviation over networks of m/v."""
    values = data.rows("finite_width", width=width, layer=layer)["ratio"]
    return Measurement(bootstrap(values, lambda sample: float(np.std(sample, ddof=1)), LEVEL))


def _widest(data: PaperData) -> int:
    return int(data.tables["finite_width"]["width"].max())


def misprinted_ratio(data: PaperData, layer: int) -> Measurement:
    """m/v of the widest networks, against what c² = m²/(m² + v²) would give."""
    width = _widest(data)
    c = correlation_by_layer(layer)[layer]
    return Measurement(
        ratio_at(data, width, layer).estimate,
        expected=float(c / np.sqrt(1 - c**2)),
        allowance=5 * layer / width,
        note=f"N = {width}; c = m²/(m² + v²) gives {np.sqrt(c / (1 - c)):.4g}",
    )


def ratio_against_theory(data: PaperData, layer: int) -> Measurement:
    """m/v of the widest networks against the infinite width; corrections are of order l/N."""
    width = _widest(data)
    c = correlation_by_layer(layer)[layer]
    expected = float(np.sqrt(c / (1 - c)))
    return Measurement(
        ratio_at(data, width, layer).estimate,
        expected=expected,
        allowance=expected * 5 * layer / width,
        note=f"N = {width}; finite-width corrections up to 5 l/N allowed for",
    )


def total_variance(data: PaperData, layer: int, narrowest: int) -> Measurement:
    """Mean over networks of m² + v² in one layer, over widths at which it is not heavy-tailed."""
    frame = data.tables["finite_width"]
    chosen = frame[(frame["width"] >= narrowest) & (frame["layer"] == layer)]
    if len(chosen) < 2:
        raise NotTested(f"needs layer {layer} of networks of width {narrowest} or more")
    return Measurement(
        mean_interval(chosen["squared_mean"] + chosen["variance"], LEVEL),
        note=f"{len(chosen)} networks",
    )


def smallest_step_in_width(data: PaperData) -> Measurement:
    """Increase of m/v at the last layer from one width to the next, where it is least certain."""
    frame = data.tables["finite_width"]
    last = frame[frame["layer"] == frame["layer"].max()]
    groups = [group["ratio"].to_numpy() for _, group in last.groupby("width")]
    if len(groups) < 2:
        raise NotTested("needs two widths or more")
    steps = []
    for below, above in pairwise(groups):
        level = 1 - (1 - LEVEL) / (len(groups) - 1)
        interval = stats.ttest_ind(above, below, equal_var=False).confidence_interval(level)
        steps.append(
            Estimate(float(above.mean() - below.mean()), float(interval.low), float(interval.high))
        )
    return Measurement(min(steps, key=lambda step: step.low))
