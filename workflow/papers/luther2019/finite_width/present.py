"""The ratio m/v by layer of networks of finite width (Luther & Seung 2019)."""

from itertools import cycle
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from numpy.typing import ArrayLike, NDArray

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.stats.intervals import Estimate, mean_interval
from papers.luther2019.total_and_shares import smallest_step
from study.figure_data import FigureData, Tables
from study.presentation import Presentation
from study.style import COLOURS, COLUMN_WIDTH, PUBLISHED, footnote, line_with_band, panels
from study.verdicts import LEVEL, SCORE, Measurement, NotTested

figure = Presentation()


class Inferred(NamedTuple):
    """Which number of inputs the published bands imply.

    Attributes:
        inputs: the best one.
        agreeing: all with which the bands agree.
        score: of the best one: distance of the worst band, over what it may be off by.
    """

    inputs: int
    agreeing: NDArray[np.int_]
    score: float


def _published(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw published means and bands beside their layer, so that our bands stay visible."""
    for row in rows.itertuples():
        place, bar = row.layer + 0.6, [[row.mean - row.low], [row.high - row.mean]]
        axes.errorbar(place, row.mean, bar, color=colour, capsize=2, lw=0.8, clip_on=False)
        axes.plot(place, row.mean, **PUBLISHED, clip_on=False)


@figure.draw
def draw(table: pd.DataFrame, tables: Tables, published: Tables, preset: str) -> Page:
    """m/v against the layer: mean over networks, band ± one standard deviation, and N → ∞."""
    page, (axes,) = panels(1, width=COLUMN_WIDTH, height=2.9)
    last = table["layer"].max()
    theirs = published["ends"][published["ends"]["layer"] <= last]
    counts = []
    for colour, (width, group) in zip(cycle(COLOURS), table.groupby("width"), strict=False):
        by_layer = group.groupby("layer")["ratio"]
        mean, spread = by_layer.mean(), by_layer.std()
        line_with_band(
            axes, mean.index, mean, mean - spread, mean + spread, color=colour, label=f"N = {width}"
        )
        _published(axes, theirs[theirs["width"] == width], colour)
        counts.append(f"{width}: {group.groupby(['block', 'network']).ngroups}")
    limit = tables["theory"][tables["theory"]["layer"] <= last]
    axes.plot(limit["layer"], limit["ratio"], "--", color="black", label="N → ∞")
    if not theirs.empty:
        axes.plot([], [], **PUBLISHED, label="published, ± 1 sd")
    axes.set(xlabel="layer", ylabel="m / v", xlim=(0, last + 1), ylim=(0, None))
    axes.legend(loc="upper left")
    footnote(page, preset, f"mean ± 1 sd over networks; how many, by N: {', '.join(counts)}")
    return page


@figure.summary
def widest(table: pd.DataFrame) -> int:
    """Return the width of the widest networks."""
    return int(table["width"].max())


@figure.measure
def log_decay(table: pd.DataFrame, widest: int) -> Measurement:
    """Mean over the widest networks of log(v²/v²_0) in the last layer."""
    rows = table[table["width"] == widest].set_index(["block", "network", "layer"])
    layers = rows["variance"].unstack("layer")
    last = layers.columns.max()
    return Measurement(
        mean_interval(np.log(layers[last] / layers[0]), LEVEL),
        note=f"N = {widest}, layer {last} against layer 0",
    )


def _against_inputs(
    few: float, every: float, counts: tuple[int, int], number: ArrayLike
) -> ArrayLike:
    """Return at other numbers of inputs T what is linear in 1/(T − 1), from its values at two."""
    places = [1 / (count - 1) for count in counts]
    slope = (few - every) / (places[0] - places[1])
    return every + slope * (1 / (np.asarray(number) - 1) - places[1])


@figure.summary
def inferred(s: SimpleNamespace, table: pd.DataFrame, published: Tables) -> Inferred:
    """Return which number of inputs explains the published bands.

    The variance over networks of m/v has a part from the network and one from the inputs, which goes like
    1/(T − 1), and so does what they add to its mean. Both are known from all inputs and from few of the same
    networks. A band agrees at T if its half-width lies within its reading error and the 99.9 % interval of
    ours.
    """
    numbers, scores = np.arange(10, 1001), []
    for theirs in published["ends"].itertuples():
        rows = table[(table["width"] == theirs.width) & (table["layer"] == theirs.layer)]
        samples = {point["width"]: point["samples"] for point in s.points}.get(theirs.width, 0)
        if len(rows) < 2 or samples <= s.few:
            continue
        variances = [rows[column].var() for column in ("ratio_of_few", "ratio")]
        # Few networks may extrapolate to less than nothing.
        spread = np.sqrt(np.maximum(_against_inputs(*variances, (s.few, samples), numbers), 0))
        sampling = SCORE * spread / np.sqrt(2 * len(rows))
        # Of the two ends of a band, each read with the same error.
        reading = theirs.reading_error / np.sqrt(2)
        scores.append(np.abs(spread - (theirs.high - theirs.low) / 2) / (reading + sampling))
    if len(scores) < 2:
        raise NotTested("needs two published widths, each with more inputs than the few")
    worst = np.max(scores, axis=0)
    return Inferred(int(numbers[worst.argmin()]), numbers[worst <= 1], float(worst.min()))


@figure.measure
def bands(inferred: Inferred) -> Measurement:
    """Distance of the worst published band at the best number of inputs, over what it may be off by."""
    fit = inferred.agreeing
    note = f"from {fit.min()} to {fit.max()} inputs" if len(fit) else "at no number of inputs"
    return Measurement(
        Estimate.exactly(inferred.score), note=f"best: {inferred.inputs} inputs; all agree {note}"
    )


@figure.measure
def ratio_at(
    s: SimpleNamespace, data: FigureData, inferred: Inferred, width: int, layer: int
) -> Measurement:
    """Mean over networks of m/v with the number of inputs that the published bands imply.

    Slack: what it is off by at the other numbers of inputs that agree with all bands.
    """
    rows = data.rows("finite_width", width=width, layer=layer)
    samples = next(point["samples"] for point in s.points if point["width"] == width)
    both = rows["ratio_of_few"], rows["ratio"]
    values, *others = (
        _against_inputs(*both, (s.few, samples), number)
        for number in (inferred.inputs, *inferred.agreeing)
    )
    slack = max((abs(other.mean() - values.mean()) for other in others), default=0.0)
    return Measurement(
        mean_interval(values, LEVEL),
        slack=float(slack),
        note=f"{inferred.inputs} inputs per network",
    )


def _of_widest(
    data: FigureData, widest: int, layer: int, expected: float, note: str
) -> Measurement:
    """Return m/v of the widest networks against a value at infinite width; 5 l/N of it is allowed for."""
    ratios = data.rows("finite_width", width=widest, layer=layer)["ratio"]
    return Measurement(
        mean_interval(ratios, LEVEL),
        expected=expected,
        allowance=expected * 5 * layer / widest,
        note=f"N = {widest}; {note}",
    )


@figure.measure
def misprinted_ratio(data: FigureData, widest: int, layer: int) -> Measurement:
    """m/v of the widest networks, against what c² = m²/(m² + v²) would give."""
    c = correlation_by_layer(layer)[layer]
    note = f"measured: m/v in layer {layer}; c = m²/(m² + v²) gives {np.sqrt(c / (1 - c)):.4g}"
    return _of_widest(data, widest, layer, float(c / np.sqrt(1 - c**2)), note)


@figure.measure
def ratio_against_theory(data: FigureData, widest: int, layer: int) -> Measurement:
    """m/v of the widest networks against the infinite width; corrections are of order l/N."""
    c = correlation_by_layer(layer)[layer]
    note = "finite-width corrections up to 5 l/N allowed for"
    return _of_widest(data, widest, layer, float(np.sqrt(c / (1 - c))), note)


@figure.measure
def total_variance(table: pd.DataFrame, layer: int, narrowest: int) -> Measurement:
    """Mean over networks of m² + v² in one layer, over widths at which it is not heavy-tailed."""
    rows = table[(table["width"] >= narrowest) & (table["layer"] == layer)]
    if len(rows) < 2:
        raise NotTested(f"needs layer {layer} of networks of width {narrowest} or more")
    return Measurement(
        mean_interval(rows["squared_mean"] + rows["variance"], LEVEL), note=f"{len(rows)} networks"
    )


@figure.measure
def smallest_step_in_width(table: pd.DataFrame) -> Measurement:
    """Increase of m/v at the last layer from one width to the next, where it is least certain."""
    last = table[table["layer"] == table["layer"].max()]
    return smallest_step(group["ratio"].to_numpy() for _, group in last.groupby("width"))
