"""Gradients by layer at initialisation (after Luther & Seung 2019)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.meanfield.gradients_theory import (
    batch_norm_growth,
    gradient_correlation,
    sample_init_growth,
)
from deepinit.meanfield.normalisation_theory import batch_norm_drift
from deepinit.stats.intervals import mean_interval
from papers.luther2019.total_and_shares import TotalAndShares, intervals, total_and_shares
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, footnote, legend_above, line_with_band
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


def _factor(axes: Axes, s: SimpleNamespace, total: pd.DataFrame, kind: str) -> None:
    """Draw the factor of the r.m.s. gradient from a layer to the one below, and that of infinite width."""
    logs = np.log(total) / 2
    steps = np.exp(intervals(-logs.diff(axis="columns").iloc[:, 1:]))
    line_with_band(axes, np.arange(s.depth - 1), *steps, color=_COLOURS[kind], label=kind)
    growth = _GROWTH[kind](s.batch) if kind in _GROWTH else 1.0
    axes.axhline(np.sqrt(growth), ls="--", color=_COLOURS[kind], lw=0.9)


@figure.draw
def draw(s: SimpleNamespace, nets: Nets, preset: str) -> Page:
    """Factor of the gradients a layer, and the share that all inputs have in common."""
    page, panel = plt.subplot_mosaic(
        [["growing", "common"], ["flat", "common"]], figsize=(FULL_WIDTH, 3.1)
    )
    growing, flat, common = panel["growing"], panel["flat"], panel["common"]
    layers = np.arange(s.depth)
    for kind, colour in _COLOURS.items():
        _factor(growing if kind in _GROWTH else flat, s, nets[kind, "own"].total, kind)
        line_with_band(common, layers, *intervals(nets[kind, "shared"].squared_mean), color=colour)
    correlations = {"plain": correlation_by_layer(s.depth - 1), "sample init": np.zeros(s.depth)}
    for kind, values in correlations.items():
        common.plot(layers, gradient_correlation(values), "--", color=_COLOURS[kind], lw=0.9)
    flat.plot([], [], "--", color="0.4", lw=0.9, label="infinite width")
    for axes in (growing, flat):
        axes.set_xlim(0, s.depth - 1)
        axes.set_ylabel("factor a layer")
    growing.tick_params(labelbottom=False)
    flat.set_xlabel("layer")
    growing.set_title("(a) growth of the r.m.s. gradient, layer l over l + 1")
    flat.set_title("(b) the same, plain net")
    common.set(xlabel="layer", ylabel="m² / mean square (unbiased)", xlim=(0, s.depth - 1))
    common.set(title="(c) one output gradient for all inputs", ylim=(-0.03, 1))
    legend_above(page, (growing, flat), 4)
    footnote(page, preset, f"N = {s.width}, batch of {s.batch} inputs, {s.networks} networks of each kind; "
         "mean over networks (left: of the logarithm) and 95 % interval")  # fmt: skip
    return page


@figure.measure
def growth_in_the_limit(s: SimpleNamespace, nets: Nets, kind: str) -> Measurement:
    """Factor of the r.m.s. gradient per layer, brought to a large batch.

    Theory has the effect of the batch exactly. The factor is the exponential of the mean over networks of
    the slope of the logarithm. Allowance for finite width, to first order: 5/(4N) because the mean of a
    logarithm lies below the logarithm of a mean, and with batch statistics what the width adds to log v² by
    taking it from m².
    """
    logs = np.log(nets[kind, "own"].total) / 2
    if logs.columns.max() <= _HIGH:
        raise NotTested(f"needs more than {_HIGH + 1} layers")
    slope = mean_interval((logs[_LOW] - logs[_HIGH]) / (_HIGH - _LOW), LEVEL)
    allowance, large_batch = 1.25 / s.width, 1.0
    note = f"layers {_LOW} to {_HIGH}, batch {s.batch}"
    if kind in _GROWTH:
        drifts = [batch_norm_drift(layer, s.width) for layer in range(_LOW + 1, _HIGH + 1)]
        allowance += 0.5 * float(np.mean(drifts)) / (np.pi - 1)
        large_batch = float(np.sqrt(_GROWTH[kind]() / _GROWTH[kind](s.batch)))
        note += f", times {large_batch:.4f}, which theory gives for the step to many inputs"
    return Measurement(
        slope.map(lambda part: np.exp(part) * large_batch),
        allowance=allowance * float(np.exp(slope.value)),
        note=note,
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
def common_share_left(nets: Nets) -> Measurement:
    """Squared sample mean over the mean square in layer 0, plain, one output gradient for all inputs."""
    return Measurement(mean_interval(nets["plain", "shared"].squared_mean[0], LEVEL))
