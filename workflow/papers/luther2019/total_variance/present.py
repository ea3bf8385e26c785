"""Total variance of finite networks over networks and layers (after Luther & Seung 2019)."""

from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from matplotlib.ticker import MaxNLocator

from deepinit.meanfield.total_variance import (
    WIDEST,
    first_order_variance,
    one_input_log_density,
    one_input_log_mean,
)
from deepinit.stats.intervals import bootstrap, mean_interval
from papers.luther2019.total_and_shares import total_and_shares
from study.figure_data import part_where
from study.presentation import Presentation
from study.style import (
    COLOURS,
    FULL_WIDTH,
    footnote,
    legend_above,
    line_with_band,
    panels,
    power_of_ten,
)
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

#: Beyond this variance of log σ² a sample mean of some hundred networks is unreliable, and up to this
#: one it is not heavy-tailed.
HEAVY_TAIL, LIGHT_TAIL = 0.5, 0.2
Totals = dict[int, pd.DataFrame]


@figure.summary
def totals(table: pd.DataFrame) -> Totals:
    """Return width ↦ σ², one row per network, one column a layer."""
    return {width: total_and_shares(group).total for width, group in table.groupby("width")}


def _typical(axes: Axes, total: pd.DataFrame, width: int, samples: int, colour: str) -> None:
    """Draw quantiles of log σ² by layer, and what theory says of its median and mean."""
    low, median, high = np.log10(total).quantile([0.1, 0.5, 0.9]).to_numpy()
    layers = total.columns
    label = f"N = {width}, {len(total)} networks"
    line_with_band(axes, layers, median, low, high, color=colour, label=label)
    shrink = -first_order_variance(len(layers), samples) / (2 * width) / np.log(10)
    axes.plot(layers, shrink, "--", color=colour, lw=0.8)
    exact = one_input_log_mean(width, len(layers)) / np.log(10)
    axes.plot(layers, exact, ":", color=colour, lw=0.8)


def _mean(axes: Axes, total: pd.DataFrame, width: int, samples: int, colour: str) -> None:
    """Draw the sample mean by layer with its interval, to the layer where it becomes heavy-tailed."""
    layers = total.columns
    light = first_order_variance(len(layers), samples) / width <= HEAVY_TAIL
    estimates = [
        bootstrap(total[layer].to_numpy(), np.mean, 0.95, resamples=1000) for layer in layers[light]
    ]
    line_with_band(axes, layers[light], *np.array(estimates).T, color=colour)
    if not light.all():
        axes.plot(layers[light][-1], estimates[-1].value, "|", color=colour, ms=8, mew=1.5)


def _distribution(axes: Axes, total: pd.DataFrame, width: int, colour: str) -> None:
    """Draw the histogram of log σ² in the last layer, and the exact density for one input."""
    last = total.columns[-1]
    final = np.log10(total[last])
    bins = max(10, min(40, len(final) // 20))
    axes.hist(final, bins, density=True, histtype="stepfilled", color=colour, alpha=0.3)
    if width <= WIDEST:
        values, density = one_input_log_density(width, int(last))
        axes.plot(values / np.log(10), density * np.log(10), color=colour, lw=0.9)


def _label(typical: Axes, mean: Axes, final: Axes, last: int, narrowest: int) -> None:
    typical.plot([], [], "--", color="0.3", lw=0.8, label="first order in 1/N")
    typical.plot([], [], ":", color="0.3", lw=0.8, label="mean log, one input")
    typical.set(xlabel="layer", ylabel="σ²: median, 10–90 %", xlim=(0, last))
    typical.set_title("(a) typical networks")
    mean.axhline(1, color="black", lw=0.8)
    mean.plot([], [], "|", color="0.3", ms=8, mew=1.5, label="heavy-tailed from here")
    mean.plot([], [], color="black", lw=0.8, label="exact mean")
    mean.set(xlabel="layer", ylabel="σ²: mean, 95 % interval", xlim=(0, last))
    mean.set_title("(b) mean")
    low = 1.8 * float(one_input_log_mean(narrowest, last + 1)[-1]) / np.log(10) - 0.6
    final.set(xlabel=f"σ² in layer {last}", ylabel="density of log10 σ²", xlim=(low, 1.3))
    final.set_title("(c) last layer; line: one input")
    for axis in (typical.yaxis, final.xaxis):
        axis.set_major_formatter(power_of_ten)
        axis.set_major_locator(MaxNLocator(integer=True))


@figure.draw
def draw(s: SimpleNamespace, totals: Totals, preset: str) -> Page:
    """Quantiles and mean of σ² by layer, and its distribution in the last layer."""
    samples = {point["width"]: point["samples"] for point in s.points}
    page, (typical, mean, final) = panels(3, width=FULL_WIDTH, height=2.9)
    for colour, (width, total) in zip(cycle(COLOURS), totals.items(), strict=False):
        _typical(typical, total, width, samples[width], colour)
        _mean(mean, total, width, samples[width], colour)
        _distribution(final, total, width, colour)
    _label(typical, mean, final, int(total.columns[-1]), min(totals))
    legend_above(page, (typical, mean), 3)
    footnote(
        page, preset, "intervals in (b) depend on the number of networks, which differs by width"
    )
    return page


@figure.measure
def mean_total(totals: Totals, width: int) -> Measurement:
    """Mean of σ² in the deepest layer in which it is not heavy-tailed."""
    total = part_where(totals, width=width)
    spread = first_order_variance(total.shape[1], None) / width
    layer = int(np.flatnonzero(spread <= LIGHT_TAIL).max())
    return Measurement(
        mean_interval(total[layer], LEVEL),
        expected=1.0,
        note=f"layer {layer}, {len(total)} networks; deeper layers are heavy-tailed",
    )


@figure.measure
def mean_log(totals: Totals, width: int) -> Measurement:
    """Mean of log σ² in the last layer."""
    logs = np.log(part_where(totals, width=width))
    last = int(logs.columns.max())
    return Measurement(
        mean_interval(logs[last], LEVEL),
        note=f"layer {last}; −5l/(2N) = {-2.5 * last / width:.3g}, median of σ² "
        f"{np.exp(logs[last].median()):.3g}",
    )


@figure.measure
def above_one_input(totals: Totals, width: int) -> Measurement:
    """Mean of log σ² of many inputs minus the exact one of a single input, last layer."""
    logs = np.log(part_where(totals, width=width))
    last = int(logs.columns.max())
    if last < 2:
        raise NotTested("needs three layers or more")
    bound = float(one_input_log_mean(width, last + 1)[last])
    mean = mean_interval(logs[last], LEVEL)
    return Measurement(
        mean.map(lambda part: part - bound),
        note=f"layer {last}; mean of log σ² {mean.value:.3g}, one input {bound:.3g}",
    )
