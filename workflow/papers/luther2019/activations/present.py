"""Sample variance by layer for other activations (after Luther & Seung 2019)."""

from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.meanfield.activation_kernels import (
    SMOOTH,
    centred_relu_map,
    fixed_point,
    leaky_relu_map,
)
from deepinit.meanfield.any_activation import correlation_map
from deepinit.meanfield.arc_cosine import iterate
from deepinit.stats.intervals import mean_interval
from papers.luther2019.total_and_shares import (
    TotalAndShares,
    intervals,
    smallest_step,
    total_and_shares,
)
from study.figure_data import part_where
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, footnote, legend_above, line_with_band, panels
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

#: tanh lies below erf, and is wider.
_LOOKS = {
    "tanh": {"color": COLOURS[9], "lw": 3.5, "label": "tanh"},
    "erf": {"color": COLOURS[3], "lw": 1.2, "label": "erf"},
    "gelu": {"color": COLOURS[4], "label": "GELU"},
}
#: What tells curves of one activation apart that start from different correlations.
_STARTS = [{"marker": marker, "ms": 3, "markevery": 5} for marker in "os^v"]
_CENTRED = {"color": "0.5", "label": "ReLU less its mean"}
#: By activation, slope of leaky ReLU and correlation of the inputs.
Curves = dict[tuple[str, float, float], TotalAndShares]


@figure.summary
def curves(table: pd.DataFrame) -> Curves:
    """Return curve ↦ σ² and its shares by network and layer."""
    groups = table.groupby(["activation", "slope", "start"])
    return {curve: total_and_shares(group) for curve, group in groups}


def _correlations(activation: str, slope: float, start: float, depth: int) -> np.ndarray:
    """Return c_0 … c_depth at infinite width."""
    if activation == "leaky_relu":
        return iterate(lambda c: leaky_relu_map(c, slope), depth, start)
    if activation == "centred_relu":
        return iterate(centred_relu_map, depth, start)
    return iterate(correlation_map(SMOOTH[activation]), depth, start)


def _share(axes: Axes, curves: Curves, curve: tuple[str, float, float], **style: object) -> None:
    """Draw v/σ by layer, the root of the mean share, its 95 % interval, and the infinite width."""
    value, low, high = np.sqrt(np.maximum(intervals(curves[curve].variance), 0))
    layers = np.arange(len(value))
    line_with_band(axes, layers, value, low, high, **style)
    limit = np.sqrt(1 - _correlations(*curve, depth=len(value) - 1))
    axes.plot(layers, limit, "--", color="black", lw=0.8)


def _total(axes: Axes, total: pd.DataFrame, **style: object) -> None:
    """Draw the median of σ² by layer and its range."""
    line_with_band(axes, total.columns, total.median(), total.min(), total.max(), **style)


def _label(leaky: Axes, smooth: Axes, total: Axes, s: SimpleNamespace) -> None:
    for axes in (leaky, smooth):
        axes.set(xlabel="layer", ylabel="v / σ", xlim=(0, s.layers - 1), ylim=(0, 1.03))
    total.axhline(1, color="black", ls="--", lw=0.8)
    total.set(xlabel="layer", ylabel="σ², median and range", xlim=(0, s.layers - 1), yscale="log")
    for axes in (leaky, smooth, total):
        axes.xaxis.get_major_locator().set_params(integer=True)
    leaky.set_title("(a) leaky and centred ReLU")
    smooth.set_title("(b) smooth activations")
    total.set_title(f"(c) total variance, c₀ = {s.starts[0]:g}")


@figure.draw
def draw(s: SimpleNamespace, curves: Curves, preset: str) -> Page:
    """v/σ for leaky and centred ReLU and for smooth activations, and σ² of the latter."""
    page, (leaky, smooth, total) = panels(3, width=FULL_WIDTH, height=2.8)
    slopes = sorted(s.slopes)
    for colour, slope in zip(sns.color_palette("crest", len(slopes)), slopes, strict=True):
        label = f"leaky ReLU, a = {slope:g}"
        _share(leaky, curves, ("leaky_relu", slope, 0.0), color=colour, label=label)
    _share(leaky, curves, ("centred_relu", 0.0, 0.0), **_CENTRED)
    for name in SMOOTH:
        look = _LOOKS[name]
        smooth.plot([], [], **look)
        for start, mark in zip(s.starts, cycle(_STARTS), strict=False):
            _share(smooth, curves, (name, 0.0, start), **look | mark | {"label": None})
        _total(total, curves[name, 0.0, s.starts[0]].total, **look)
    _total(total, curves["centred_relu", 0.0, 0.0].total, **_CENTRED)
    settled = np.sqrt(1 - fixed_point(correlation_map(SMOOTH["gelu"])))
    smooth.axhline(settled, color=_LOOKS["gelu"]["color"], ls=":", lw=0.8)
    smooth.text(
        1, settled - 0.01, "GELU at infinite depth: √(1 − c*)", ha="left", va="top", fontsize=6
    )
    smooth.plot([], [], "--", color="black", lw=0.8, label="infinite width")
    for start, mark in zip(s.starts, cycle(_STARTS), strict=False):
        smooth.plot([], [], ls="none", color="0.3", **mark, label=f"from c₀ = {start:g}")
    _label(leaky, smooth, total, s)
    legend_above(page, (leaky, smooth), 4)
    footnote(page, preset, f"N = {s.width}, {s.networks} networks per curve, {s.samples} inputs; "
         "root of the mean share of σ² and its 95 % interval")  # fmt: skip
    return page


@figure.measure
def correlation(
    s: SimpleNamespace,
    curves: Curves,
    activation: str,
    layer: int,
    slope: float = 0.0,
    start: float = 0.0,
) -> Measurement:
    """m²/σ² in one layer against the infinite width; corrections of 5 l/N allowed for."""
    shares = part_where(curves, activation=activation, slope=slope, start=start).squared_mean
    if layer not in shares:
        raise NotTested(f"needs layer {layer}")
    expected = float(_correlations(activation, slope, start, layer)[layer])
    return Measurement(
        mean_interval(shares[layer], LEVEL),
        expected=expected,
        allowance=expected * 5 * layer / s.width,
        note=f"N = {s.width}",
    )


@figure.measure
def smallest_step_in_slope(s: SimpleNamespace, curves: Curves) -> Measurement:
    """Increase of v²/σ² in the last layer from one slope to the next, where least certain."""
    return smallest_step(
        curves["leaky_relu", a, 0.0].variance.iloc[:, -1] for a in sorted(s.slopes)
    )


@figure.measure
def last_correlation(curves: Curves, activation: str, slope: float = 0.0) -> Measurement:
    """m²/σ² in the last layer, from white noise."""
    shares = part_where(curves, activation=activation, slope=slope, start=0.0).squared_mean
    last = shares.columns[-1]
    return Measurement(mean_interval(shares[last], LEVEL), note=f"layer {last}")


@figure.measure
def departure(curves: Curves, activation: str) -> Measurement:
    """Mean of log σ² in the last layer, from white noise."""
    total = part_where(curves, activation=activation, slope=0.0, start=0.0).total
    last = total.columns[-1]
    return Measurement(mean_interval(np.log(total[last]), LEVEL), note=f"layer {last}")
