"""Gradients by layer at initialisation (after Luther & Seung 2019)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.meanfield.gradients_theory import (
    batch_norm_growth,
    gradient_correlation,
    sample_init_growth,
)
from deepinit.stats.intervals import Estimate, mean_interval
from papers.luther2019.total_and_shares import TotalAndShares, intervals, total_and_shares
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, line_with_band, panels, power_of_ten, sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

_COLOURS = {"plain": COLOURS[0], "sample init": COLOURS[2], "batch norm": COLOURS[1]}
#: Growth of the mean square gradient a layer, by batch; none in the plain net.
_GROWTH = {"sample init": sample_init_growth, "batch norm": batch_norm_growth}
# Layers between which growth is measured: away from the ends, and low, since the effect of
# finite width on the forward pass grows with the layer.
_LOW, _HIGH = 1, 11
#: By kind of net and output gradient.
Nets = dict[tuple[str, str], TotalAndShares]


@figure.summary
def nets(table: pd.DataFrame) -> Nets:
    """Return mean square gradients, and the shares of sample mean and variance in them."""
    groups = table.groupby(["kind", "output_gradient"])
    return {kind: total_and_shares(group) for kind, group in groups}


def _with_interval(axes: Axes, networks: pd.DataFrame, **style: object) -> None:
    """Draw the mean over networks by layer and its 95 % interval."""
    line_with_band(axes, networks.columns, *intervals(networks), **style)


@figure.draw
def draw(s: SimpleNamespace, nets: Nets, preset: str) -> Page:
    """Size of the gradients, and the share that all inputs have in common."""
    layers = np.arange(s.depth)
    page, (size, common) = panels(2, width=FULL_WIDTH, height=2.6)
    for kind, colour in _COLOURS.items():
        rms = np.log10(nets[kind, "own"].total) / 2
        _with_interval(size, rms, color=colour, label=kind)
        growth = _GROWTH[kind](s.batch) if kind in _GROWTH else 1.0
        limit = np.log10(growth) / 2 * (s.depth - 1 - layers)
        size.plot(layers, limit, "--", color=colour, lw=0.9)
        _with_interval(common, nets[kind, "shared"].squared_mean, color=colour)
    correlations = {"plain": correlation_by_layer(s.depth - 1), "sample init": np.zeros(s.depth)}
    for kind, values in correlations.items():
        common.plot(layers, gradient_correlation(values), "--", color=_COLOURS[kind], lw=0.9)
    size.plot([], [], "--", color="0.4", lw=0.9, label="infinite width")
    size.yaxis.set_major_formatter(power_of_ten)
    size.set(xlabel="layer", ylabel="r.m.s. gradient", xlim=(0, s.depth - 1))
    size.set_title("(a) output gradient of its own for each input")
    size.legend(loc="upper right")
    common.set(xlabel="layer", ylabel="share of the sample mean", xlim=(0, s.depth - 1))
    common.set(title="(b) one output gradient for all inputs", ylim=(-0.03, 1))
    sign(page, preset, f"N = {s.width}, batch of {s.batch} inputs, {s.networks} networks of each kind; "
         "mean over networks (left: of the logarithm) and 95 % interval")  # fmt: skip
    return page


def _growth(s: SimpleNamespace, nets: Nets, kind: str) -> tuple[Estimate, float]:
    """Return the factor of the r.m.s. gradient per layer, and the allowance for finite width.

    The factor is the exponential of the mean over networks of the slope of the logarithm. Allowance:
    5/(4N) because the mean of a logarithm lies below the logarithm of a mean, and half the
    first-order change of log v² with batch statistics, 5l/(4N) of m² = 1/π.
    """
    logs = np.log(nets[kind, "own"].total) / 2
    if logs.columns.max() <= _HIGH:
        raise NotTested(f"needs more than {_HIGH + 1} layers")
    slope = mean_interval((logs[_LOW] - logs[_HIGH]) / (_HIGH - _LOW), LEVEL)
    allowance = 1.25 / s.width
    if kind != "plain":
        allowance += 0.5 * 1.25 * (_LOW + _HIGH) / 2 / s.width / (np.pi - 1)
    return Estimate(*(float(np.exp(part)) for part in slope)), allowance


@figure.measure
def growth_in_the_limit(s: SimpleNamespace, nets: Nets, kind: str) -> Measurement:
    """Factor of the r.m.s. gradient per layer, against a wide net and a large batch."""
    estimate, allowance = _growth(s, nets, kind)
    if kind in _GROWTH:
        allowance += 0.5 * abs(_GROWTH[kind](s.batch) / _GROWTH[kind]() - 1)
    return Measurement(
        estimate,
        allowance=allowance * estimate.value,
        note=f"layers {_LOW} to {_HIGH}, batch {s.batch}; finite width and batch allowed for to "
        "first order",
    )


@figure.measure
def growth(s: SimpleNamespace, nets: Nets, kind: str) -> Measurement:
    """Factor of the r.m.s. gradient per layer, against theory with this batch."""
    estimate, allowance = _growth(s, nets, kind)
    return Measurement(
        estimate,
        expected=float(np.sqrt(_GROWTH[kind](s.batch))),
        allowance=allowance * estimate.value,
    )


@figure.measure
def common_share(s: SimpleNamespace, nets: Nets, kind: str, above: int) -> Measurement:
    """Squared sample mean over the mean square, `above` layers from the top, one output gradient.

    Corrections of 5 layers/N are allowed for.
    """
    layer = s.depth - 1 - above
    if layer < 0:
        raise NotTested(f"needs {above + 1} layers")
    if kind == "plain":
        correlations = correlation_by_layer(s.depth - 1)
    else:
        correlations = np.full(s.depth, -1 / (s.batch - 1))
    expected = float(gradient_correlation(correlations)[layer])
    return Measurement(
        mean_interval(nets[kind, "shared"].squared_mean[layer], LEVEL),
        expected=expected,
        allowance=expected * 5 * (above + 1) / s.width,
        note=f"layer {layer} of {s.depth}",
    )


@figure.measure
def common_share_left(nets: Nets, kind: str) -> Measurement:
    """Squared sample mean over the mean square in layer 0, one output gradient for all inputs."""
    return Measurement(mean_interval(nets[kind, "shared"].squared_mean[0], LEVEL))
