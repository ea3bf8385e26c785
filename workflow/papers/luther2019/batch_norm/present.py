"""Sample mean and variance with normalisation before the ReLU (after Luther & Seung 2019)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from scipy import stats

from deepinit.meanfield.arc_cosine import correlation_by_layer, mean_and_standard_deviation
from deepinit.meanfield.normalisation_theory import batch_norm_squared_mean
from deepinit.stats.intervals import Estimate, mean_interval
from papers.luther2019.total_and_shares import TotalAndShares, intervals, total_and_shares
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, line_with_band, panels, sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

_COLOURS = {"plain": COLOURS[0], "batch norm": COLOURS[1], "layer norm": COLOURS[2]}
_FIRST_LAYERS = 10
Kinds = dict[str, TotalAndShares]


@figure.summary
def kinds(table: pd.DataFrame) -> Kinds:
    """Return kind of net ↦ σ² and its shares by network and layer."""
    return {kind: total_and_shares(group) for kind, group in table.groupby("kind")}


def _panel(axes: Axes, kinds: Kinds, column: str, limits: list[np.ndarray]) -> None:
    """Draw the root of the mean share over networks, its interval, and the infinite width."""
    for kind, colour in _COLOURS.items():
        # m² is unbiased and scatters around zero in layer 0; the square root is of its mean.
        value, low, high = np.sqrt(np.maximum(intervals(getattr(kinds[kind], column)), 0))
        line_with_band(axes, np.arange(len(value)), value, low, high, color=colour, label=kind)
    for limit, label in zip(limits, ("infinite width", None), strict=True):
        axes.plot(np.arange(len(limit)), limit, "--", color="black", lw=0.8, label=label)
    axes.set(xlabel="layer", xlim=(0, len(value) - 1), ylim=(0, 1.03))


@figure.draw
def draw(s: SimpleNamespace, kinds: Kinds, preset: str) -> Page:
    """m and v over σ by layer for the three kinds of net, beside the infinite width."""
    correlations = (
        correlation_by_layer(s.layers - 1),
        np.where(np.arange(s.layers) == 0, 0, batch_norm_squared_mean()),
    )
    limits = [mean_and_standard_deviation(correlation) for correlation in correlations]
    page, panel = panels(2, width=FULL_WIDTH, height=2.5, sharex=True, sharey=True)
    for number, column in enumerate(("squared_mean", "variance")):
        _panel(panel[number], kinds, column, [pair[number] for pair in limits])
    panel[0].set(title="(a) sample mean", ylabel="m / σ")
    panel[1].set(title="(b) sample sd", ylabel="v / σ")
    panel[0].legend(loc="lower right")
    sign(page, preset, f"N = {s.width}, {s.networks} networks of each kind, batch of {s.batch} inputs; "
         "root of the mean share of σ² and its 95 % interval")  # fmt: skip
    return page


def _drift(s: SimpleNamespace, layer: float) -> float:
    """Return how far m² may be from 1/π: 5l/(4N) of it in order of magnitude, and the batch's part."""
    finite_batch = 1 / np.pi - batch_norm_squared_mean(s.batch)
    return 1.25 * layer / s.width / np.pi + finite_batch


def _root(estimate: Estimate) -> Estimate:
    return Estimate(*(float(np.sqrt(max(part, 0))) for part in estimate))


@figure.measure
def first_layers(s: SimpleNamespace, kinds: Kinds) -> Measurement:
    """m over σ with batch norm, root mean square over layers 1 to 10; v over σ follows from it."""
    shares = kinds["batch norm"].squared_mean
    if shares.columns.max() < _FIRST_LAYERS:
        raise NotTested(f"needs {_FIRST_LAYERS + 1} layers")
    estimate = _root(mean_interval(shares[list(range(1, _FIRST_LAYERS + 1))].mean(axis=1), LEVEL))
    return Measurement(
        estimate,
        allowance=_drift(s, (1 + _FIRST_LAYERS) / 2) / (2 * estimate.value),
        note="the finite batch, and 5l/(4N) for finite width in order of magnitude, are allowed for",
    )


@figure.measure
def last_layer(s: SimpleNamespace, kinds: Kinds) -> Measurement:
    """v over σ with batch norm in the last layer."""
    normalised, plain = kinds["batch norm"].variance, kinds["plain"].variance
    last = int(normalised.columns.max())
    estimate = _root(mean_interval(normalised[last], LEVEL))
    return Measurement(
        estimate,
        allowance=_drift(s, last) / (2 * estimate.value),
        note=f"layer {last}; v of the plain net: {np.sqrt(plain[last].mean()):.3f}",
    )


@figure.measure
def against_theory(s: SimpleNamespace, kinds: Kinds, layer: int) -> Measurement:
    """m² over σ² with batch norm, against κ(−1/(T − 1))."""
    if layer >= s.layers:
        raise NotTested(f"needs layer {layer}")
    expected = batch_norm_squared_mean(s.batch)
    return Measurement(
        mean_interval(kinds["batch norm"].squared_mean[layer], LEVEL),
        expected=expected,
        allowance=1.25 * layer / s.width * expected,
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
    test = stats.ttest_ind(layer_norm, plain, equal_var=False)
    low, high = test.confidence_interval(LEVEL)
    gap = layer_norm.mean() - plain.mean()
    return Measurement(
        Estimate(float(gap), float(low), float(high)),
        note=f"v/σ with layer norm {np.sqrt(layer_norm.mean()):.3f}, "
        f"plain {np.sqrt(plain.mean()):.3f}",
    )
