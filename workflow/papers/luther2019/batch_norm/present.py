"""Sample mean and variance with normalisation before the ReLU (after Luther & Seung 2019)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Page
from numpy.typing import ArrayLike, NDArray

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.meanfield.normalisation_theory import batch_norm_drift, batch_norm_squared_mean
from deepinit.stats.intervals import Estimate, mean_interval
from papers.luther2019.total_and_shares import (
    TotalAndShares,
    difference,
    intervals,
    total_and_shares,
)
from study.presentation import Presentation
from study.style import COLOURS, COLUMN_WIDTH, footnote, line_with_band, panels
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

#: Colour and width of each line; what lies below another one is wider.
_LOOKS = {
    "plain": (COLOURS[0], 2.2),
    "batch norm": (COLOURS[1], 1.4),
    "layer norm": (COLOURS[2], 1),
}
_FIRST_LAYERS = 10
Kinds = dict[str, TotalAndShares]


@figure.summary
def kinds(table: pd.DataFrame) -> Kinds:
    """Return kind of net ↦ σ² and its shares by network and layer."""
    return {kind: total_and_shares(group) for kind, group in table.groupby("kind")}


def _share(values: ArrayLike) -> NDArray[np.float64]:
    """Return m/σ for v/σ, or the other way round."""
    return np.sqrt(np.maximum(1 - np.square(values), 0))


@figure.draw
def draw(s: SimpleNamespace, kinds: Kinds, preset: str) -> Page:
    """v over σ by layer for the three kinds of net, m over σ on the right, beside the infinite width."""
    page, (axes,) = panels(1, width=COLUMN_WIDTH, height=2.9)
    layers = np.arange(s.layers)
    for kind, (colour, width) in _LOOKS.items():
        value, low, high = np.sqrt(np.maximum(intervals(kinds[kind].variance), 0))
        line_with_band(axes, layers, value, low, high, color=colour, lw=width, label=kind)
    with_batch_norm = np.where(layers == 0, 0, batch_norm_squared_mean())
    for correlation, label in (
        (correlation_by_layer(s.layers - 1), "infinite width"),
        (with_batch_norm, None),
    ):
        axes.plot(layers, np.sqrt(1 - correlation), "--", color="black", lw=0.8, label=label)
    axes.set(xlabel="layer", ylabel="v / σ", xlim=(0, s.layers - 1), ylim=(0, 1))
    right = axes.secondary_yaxis("right", functions=(_share, _share))
    ticks = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 1]
    right.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    right.set_ylabel("m / σ")
    axes.legend(loc="center right", bbox_to_anchor=(1, 0.6))
    footnote(page, preset, f"N = {s.width}, {s.networks} networks of each kind, batch of {s.batch} inputs; "
         "root of the mean share of σ² and its 95 % interval")  # fmt: skip
    return page


def _drift(s: SimpleNamespace, layer: int) -> float:
    """Return how far finite width may bring m² below its limit, to first order."""
    return batch_norm_drift(layer, s.width) / np.pi


def _root(estimate: Estimate) -> Estimate:
    return estimate.map(lambda part: np.sqrt(max(part, 0)))


@figure.measure
def first_layers(s: SimpleNamespace, kinds: Kinds) -> Measurement:
    """m over σ with batch norm, root mean square over layers 1 to 10, brought to a large batch.

    v over σ follows from it. Theory has the effect of the batch exactly, that of the width to first order.
    """
    shares = kinds["batch norm"].squared_mean
    layers = list(range(1, _FIRST_LAYERS + 1))
    if shares.columns.max() < _FIRST_LAYERS:
        raise NotTested(f"needs {_FIRST_LAYERS + 1} layers")
    large_batch = batch_norm_squared_mean() / batch_norm_squared_mean(s.batch)
    estimate = _root(mean_interval(shares[layers].mean(axis=1) * large_batch, LEVEL))
    drift = np.mean([_drift(s, layer) for layer in layers])
    return Measurement(
        estimate,
        allowance=float(drift) / (2 * estimate.value),
        note=f"times {np.sqrt(large_batch):.4f}, which theory gives for the step from {s.batch} "
        "inputs to many",
    )


@figure.measure
def last_layer(kinds: Kinds) -> Measurement:
    """v over σ with batch norm in the last layer."""
    normalised, plain = kinds["batch norm"].variance, kinds["plain"].variance
    last = int(normalised.columns.max())
    return Measurement(
        _root(mean_interval(normalised[last], LEVEL)),
        note=f"layer {last}; v of the plain net: {np.sqrt(plain[last].mean()):.3f}",
    )


@figure.measure
def against_theory(s: SimpleNamespace, kinds: Kinds, layer: int) -> Measurement:
    """m² over σ² with batch norm, against κ(−1/(T − 1))."""
    if layer >= s.layers:
        raise NotTested(f"needs layer {layer}")
    return Measurement(
        mean_interval(kinds["batch norm"].squared_mean[layer], LEVEL),
        expected=batch_norm_squared_mean(s.batch),
        allowance=_drift(s, layer),
    )


@figure.measure
def total_with_batch_norm(kinds: Kinds) -> Measurement:
    """Mean of σ² with batch norm in the last layer."""
    total = kinds["batch norm"].total
    last = int(total.columns.max())
    return Measurement(mean_interval(total[last], LEVEL), expected=1.0, note=f"layer {last}")


@figure.measure
def layer_norm_against_plain(kinds: Kinds) -> Measurement:
    """Mean of v²/σ² with layer norm minus that of the plain net, last layer."""
    layer_norm, plain = (kinds[kind].variance.iloc[:, -1] for kind in ("layer norm", "plain"))
    return Measurement(
        difference(layer_norm, plain),
        note=f"v/σ with layer norm {np.sqrt(layer_norm.mean()):.3f}, "
        f"plain {np.sqrt(plain.mean()):.3f}",
    )
