"""How our heat maps agree with the published ones (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd

from deepinit.stats.intervals import Estimate, freedom_of_sum, mean_interval, sum_interval
from deepinit.stats.scores import normal_score, student_score, student_tail
from papers.marion2025.fig7.maps import comparable, contour_of, pooled, published_of, rows_of
from papers.marion2025.heat_maps import mean_map, zero_contour
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

# Cells further from zero have the first or the last colour of the scale: they may be anything beyond.
_CLIPPED = 0.99


def mean_within(
    difference: pd.Series,
    spread: pd.Series,
    lowest: float,
    highest: float,
    draws: int,
    level: float = LEVEL,
) -> Estimate:
    """Return the mean of ours minus published, by Hurst index, from `lowest` to `highest`.

    Rows of different H have independent weights. How their variances compare is known from the
    spread of our own draws; how large they are, the noise and the reading of the published map
    included, from the differences of successive rows, which a trend in H hardly enters. Both estimates
    enter the degrees of freedom. The mean square of successive differences of k numbers has
    2 (k − 1)²/(3k − 4) of them.
    """
    scale = (np.diff(difference) ** 2).mean() / 2 / (spread**2).mean()
    chosen = (difference.index >= lowest) & (difference.index <= highest)
    parts = scale * spread[chosen] ** 2 / chosen.sum() ** 2
    count = len(difference)
    of_scale = 2 * (count - 1) ** 2 / (3 * count - 4)
    freedom = float(1 / (1 / freedom_of_sum(parts, draws - 1) + 1 / of_scale))
    return sum_interval(float(difference[chosen].mean()), float(parts.sum()), freedom, level)


def _difference(
    data: FigureData, difference: pd.Series, spread: pd.Series, lowest: float, highest: float
) -> Estimate:
    """Return the mean of ours minus published over `lowest` ≤ H ≤ `highest`."""
    wanted = published_of(data, "output").loc[:, lowest:highest].columns
    if not wanted.isin(difference.index).all():
        raise NotTested(f"needs the published grid of H from {lowest:g} to {highest:g}")
    return mean_within(difference, spread, lowest, highest, data.settings["fig7"]["draws"])


def map_difference(
    data: FigureData,
    lowest: float,
    highest: float,
    column: str = "output",
    generator: str = "exact",
) -> Measurement:
    """Mean difference of log10 to the published map over the cells that are clipped in neither.

    One mean a row of equal H, since the cells of a row share their weights.
    """
    frame = comparable(data, generator)
    ours, theirs = mean_map(frame, column), published_of(data, column)
    # The same cells in every draw, so that draws differ by their weights alone.
    seen_there = theirs[theirs.abs() < _CLIPPED]
    difference = (ours - seen_there)[ours.abs() < _CLIPPED][ours.columns]
    seen = difference.notna()
    means = pd.DataFrame(
        {draw: mean_map(rows, column).where(seen).mean() for draw, rows in frame.groupby("draw")}
    )
    within = seen.loc[:, lowest:highest]
    return Measurement(
        _difference(data, difference.mean(), means.std(axis=1), lowest, highest),
        note=f"measured: ours minus published, mean over {within.to_numpy().sum()} cells, "
        f"{within.shape[1]} values of H",
    )


def contour_difference(
    data: FigureData,
    lowest: float,
    highest: float,
    column: str = "output",
    generator: str = "exact",
) -> Measurement:
    """Mean difference in β of the zero contour to that of the published map."""
    contour = contour_of(data, column, generator)
    theirs = zero_contour(published_of(data, column))
    difference = (contour["mean"] - theirs)[contour.index]
    rows = len(difference.loc[lowest:highest])
    return Measurement(
        _difference(data, difference, contour["std"], lowest, highest),
        note=f"measured: ours minus published, mean over {rows} values of H",
    )


def largest_contour_difference(
    data: FigureData, highest: float, column: str = "output"
) -> Measurement:
    """Largest difference of the zero contour to the published one at a single H ≤ `highest`.

    As a standard normal score; expected: its 99.9 % quantile (Bonferroni).
    """
    contour = contour_of(data, column).loc[:highest]
    theirs = zero_contour(published_of(data, column))
    difference = (contour["mean"] - theirs)[contour.index]
    if difference.isna().any():
        raise NotTested(f"needs every H up to {highest:g} to be on the published grid")
    error, freedom = pooled(contour["std"] ** 2, data.settings["fig7"]["draws"])
    tail = (1 - LEVEL) / (2 * len(difference))
    scores = normal_score(student_tail(difference.abs() / error, freedom))
    seen = error * student_score(tail, freedom)
    return Measurement(
        Estimate.exactly(scores.max()),
        expected=float(normal_score(tail)),
        note=f"measured: the largest of {len(difference)} differences, as a standard normal score, at "
        f"H = {scores.idxmax():.4g}; published: its 99.9 % quantile, at which "
        f"differences of {seen.min():.2g} to {seen.max():.2g} in β would show",
    )


def clipped_cells(data: FigureData, column: str = "output") -> Measurement:
    """Largest extent to which a ratio of ours lies inside the scale where the published map is clipped.

    As in `largest_contour_difference`. With the released noise where it is computed.
    """
    published = published_of(data, column)
    limit = np.sign(published[published.abs() > _CLIPPED]).T
    released, exact = (comparable(data, name) for name in ("released", "exact"))
    frame = pd.concat([released, exact[exact["hurst"] < released["hurst"].min()]])
    if not limit.index.isin(frame["hurst"]).all():
        raise NotTested("needs the published grid of H")
    by_draw = frame.groupby(["hurst", "beta", "draw"])[f"log10_{column}_change"].mean()
    cells = by_draw.groupby(["hurst", "beta"])
    error, freedom = pooled(cells.var().unstack(), data.settings["fig7"]["draws"])
    ours = mean_map(frame, column).T
    tails = student_tail((1 - limit * ours) / error, freedom)
    scores = normal_score(tails.loc[limit.index, limit.columns]).stack().dropna()
    hurst, beta = scores.idxmax()
    return Measurement(
        Estimate.exactly(scores.max()),
        expected=float(normal_score((1 - LEVEL) / len(scores))),
        note=f"measured: the largest of {len(scores)} cells, as a standard normal score, at "
        f"(H, β) = ({hurst:.4g}, {beta:.3g}), where log10 is {ours.loc[hurst, beta]:.2f} here; "
        "published: its 99.9 % quantile",
    )


def notebook_difference(data: FigureData, generator: str) -> Measurement:
    """Mean difference of log10 to the means, not clipped, that the authors' notebook prints.

    The printed means come from as many draws, with the released noise: their spread is ours with that.
    """
    theirs = data.published["a_notebook"].set_index("hurst")
    (beta,) = theirs["beta"].unique()

    def by_draw(name: str) -> pd.DataFrame:
        frame = comparable(data, name)
        cells = frame[(frame["beta"] == beta) & frame["hurst"].isin(theirs.index)]
        means = cells.groupby(["hurst", "draw"])["log10_output_change"].mean().unstack()
        if len(means) < len(theirs):
            raise NotTested(f"needs the {name} noise at the ten published H")
        return means

    ours, released = by_draw(generator), by_draw("released")
    difference = ours.mean(axis=1) - theirs["log10_output_ratio"]
    draws, rows = data.settings["fig7"]["draws"], len(theirs)
    own, printed = (found.var(axis=1) / draws / rows**2 for found in (ours, released))
    # With one generator both variances are one estimate.
    parts = 2 * own if generator == "released" else pd.concat([own, printed])
    return Measurement(
        sum_interval(difference.mean(), parts, draws - 1, LEVEL),
        note=f"measured: ours minus printed, mean over {rows} values of H at β = 61/49",
    )


def top_rows(data: FigureData) -> Measurement:
    """Change of log10 from the row β = 61/49 to that of 64/49, which is published as 1.30.

    Both rows share the weights of a draw. With the released noise, as published.
    """
    printed = data.published["a_top_rows"]
    theirs = printed.set_index("label")["log10_output_ratio"]
    comparable(data, "released")
    frame = rows_of(data, "released")
    frame = frame[frame["hurst"].isin(printed["hurst"])]
    means = frame.groupby(["beta", "draw"])["log10_output_change"].mean().unstack("draw")
    low, high = (round(i / 49, 6) for i in (61, 64))
    if not {low, high} <= set(means.index):
        raise NotTested("needs β = 61/49 and 64/49")
    return Measurement(
        mean_interval(means.loc[high] - means.loc[low], LEVEL),
        expected=float(theirs[1.30] - theirs[1.24]),
    )


def labels_met(data: FigureData) -> Measurement:
    """Labels of the β axis, of rows that were computed, that the β of our rows round to."""
    labels = data.published["labels"]
    labels = labels[labels["i"] <= 61]
    betas = np.sort(data.tables["fig7"]["beta"].unique())
    if len(betas) != 56:
        raise NotTested("needs the 56 published rows")

    def met(rows: np.ndarray) -> int:
        return int((rows[labels["i"] - 9].round(2) == labels["label"]).sum())

    even = met(np.linspace(0.2, 1.3, 56))
    return Measurement(
        Estimate.exactly(met(betas)), note=f"56 values evenly from 0.2 to 1.3 would meet {even}"
    )
