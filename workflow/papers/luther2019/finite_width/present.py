"""The ratio m/v by layer of networks of finite width (Luther & Seung 2019)."""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from scipy import stats

from deepinit.meanfield.arc_cosine import correlation_by_layer
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import COLOURS, COLUMN_WIDTH, PUBLISHED, line_with_band, panels, sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()


def _published(axes: Axes, rows: pd.DataFrame, colour: tuple) -> None:
    """Draw published means and bands beside their layer, so that our bands stay visible."""
    for row in rows.itertuples():
        place, bar = row.layer + 0.6, [[row.mean - row.low], [row.high - row.mean]]
        axes.errorbar(place, row.mean, bar, color=colour, capsize=2, lw=0.8, clip_on=False)
        axes.plot(place, row.mean, **PUBLISHED, clip_on=False)


@figure.draw
def draw(
    table: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    published: dict[str, pd.DataFrame],
    preset: str,
) -> Page:
    """m/v against the layer: mean over networks, band ± one standard deviation, and N → ∞."""
    page, (axes,) = panels(1, width=COLUMN_WIDTH, height=2.9)
    last = table["layer"].max()
    theirs = published["ends"][published["ends"]["layer"] <= last]
    counts = []
    for colour, (width, group) in zip(COLOURS, table.groupby("width"), strict=False):
        by_layer = group.groupby("layer")["ratio"]
        mean, spread = by_layer.mean(), by_layer.std()
        line_with_band(
            axes, mean.index, mean, mean - spread, mean + spread, color=colour, label=f"N = {width}"
        )
        _published(axes, theirs[theirs["width"] == width], colour)
        counts.append(f"{width}: {group.groupby(['block', 'network']).ngroups}")
    limit = tables["theory"][tables["theory"]["layer"] <= last]
    axes.plot(limit["layer"], limit["ratio"], "--", color="black", label="N → ∞")
    axes.plot([], [], **PUBLISHED, label="published, ± 1 sd")
    axes.set(xlabel="layer", ylabel="m / v", xlim=(0, last + 1), ylim=(0, None))
    axes.legend(loc="upper left")
    sign(page, preset, f"mean ± 1 sd over networks ({', '.join(counts)})")
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


@figure.measure
def ratio_at(data: FigureData, width: int, layer: int) -> Measurement:
    """Mean over networks of m/v."""
    values = data.rows("finite_width", width=width, layer=layer)["ratio"]
    return Measurement(mean_interval(values, LEVEL))


@figure.measure
def spread_at(data: FigureData, width: int, layer: int) -> Measurement:
    """Standard deviation over networks of m/v."""
    values = data.rows("finite_width", width=width, layer=layer)["ratio"]
    return Measurement(bootstrap(values, lambda sample: float(np.std(sample, ddof=1)), LEVEL))


@figure.measure
def misprinted_ratio(data: FigureData, widest: int, layer: int) -> Measurement:
    """m/v of the widest networks, against what c² = m²/(m² + v²) would give."""
    c = correlation_by_layer(layer)[layer]
    return Measurement(
        ratio_at(data, widest, layer).estimate,
        expected=float(c / np.sqrt(1 - c**2)),
        allowance=5 * layer / widest,
        note=f"N = {widest}; c = m²/(m² + v²) gives {np.sqrt(c / (1 - c)):.4g}",
    )


@figure.measure
def ratio_against_theory(data: FigureData, widest: int, layer: int) -> Measurement:
    """m/v of the widest networks against the infinite width; corrections are of order l/N."""
    c = correlation_by_layer(layer)[layer]
    expected = float(np.sqrt(c / (1 - c)))
    return Measurement(
        ratio_at(data, widest, layer).estimate,
        expected=expected,
        allowance=expected * 5 * layer / widest,
        note=f"N = {widest}; finite-width corrections up to 5 l/N allowed for",
    )


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
    groups = [group["ratio"].to_numpy() for _, group in last.groupby("width")]
    if len(groups) < 2:
        raise NotTested("needs two widths or more")
    level = 1 - (1 - LEVEL) / (len(groups) - 1)
    steps = []
    for below, above in pairwise(groups):
        interval = stats.ttest_ind(above, below, equal_var=False).confidence_interval(level)
        step = float(above.mean() - below.mean())
        steps.append(Estimate(step, float(interval.low), float(interval.high)))
    return Measurement(min(steps, key=lambda step: step.low))
