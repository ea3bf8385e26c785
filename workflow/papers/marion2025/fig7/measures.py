"""Measurements on the heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd

from deepinit.noise.fractional_theory import generated_covariance, noise_covariance
from deepinit.resnet.fractional_weights_theory import first_order_contour, first_order_sums
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.stats.intervals import Estimate, freedom_of_sum, mean_interval, sum_interval
from deepinit.stats.scores import normal_score, student_score, student_tail
from papers.marion2025.heat_maps import contours_by_draw, mean_map, published_map, zero_contour
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

#: Published maps, clipped to [−1, 1], of i/49 for i = 9 … 61.
PUBLISHED = {"output": "a_output", "gradient": "b_gradient"}
# Cells further from zero have the first or the last colour of the scale: they may be anything beyond.
_CLIPPED = 0.99


def _rows(data: FigureData, generator: str) -> pd.DataFrame:
    """Return the rows of one generator of the noise, β and H rounded as in the published files.

    Raises:
        NotTested: there are none.
    """
    frame = data.tables["fig7"]
    frame = frame[frame["generator"] == generator]
    if frame.empty:
        raise NotTested(f"needs the map of the {generator} noise")
    return frame.assign(beta=frame["beta"].round(6), hurst=frame["hurst"].round(4))


def _published(data: FigureData, column: str) -> pd.DataFrame:
    """Return a published map, β down and H across."""
    return published_map(data.published[PUBLISHED[column]])


def _comparable(data: FigureData, column: str, generator: str) -> pd.DataFrame:
    """Return the rows of one generator at the published β.

    Raises:
        NotTested: networks of another depth, or a published β is not computed.
    """
    frame = _rows(data, generator)
    betas = data.published[PUBLISHED[column]]["beta"].unique()
    if data.settings["fig7"]["depth"] != 1000 or not np.isin(betas, frame["beta"]).all():
        raise NotTested("needs L = 1000 and the published grid of β")
    return frame[frame["beta"].isin(betas)]


def _contour(data: FigureData, column: str, generator: str = "exact") -> pd.DataFrame:
    """Return mean and standard deviation over draws of the zero contour, by Hurst index.

    All β and inputs of a draw share its weights, so each draw gives one contour of its own and
    the draws are the replicates.
    """
    contours = contours_by_draw(_comparable(data, column, generator), column)
    if contours.isna().any(axis=None):
        raise NotTested("the grid of β does not reach the zero contour at every H")
    return pd.DataFrame({"mean": contours.mean(axis=1), "std": contours.std(axis=1)})


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
    """Return the mean of ours minus published over `lowest` ≤ H ≤ `highest`.

    Raises:
        NotTested: one of the published H is missing.
    """
    every = _published(data, "output").columns
    wanted = every[(every >= lowest) & (every <= highest)]
    if not np.isin(wanted, difference.index).all():
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
    frame = _comparable(data, column, generator)
    ours, theirs = mean_map(frame, column), _published(data, column)
    # The same cells in every draw, so that draws differ by their weights alone.
    seen_there = theirs[theirs.abs() < _CLIPPED]
    difference = (ours - seen_there)[ours.abs() < _CLIPPED][ours.columns]
    seen = difference.notna()
    means = pd.DataFrame(
        {draw: mean_map(rows, column).where(seen).mean() for draw, rows in frame.groupby("draw")}
    )
    within = seen.loc[:, (seen.columns >= lowest) & (seen.columns <= highest)]
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
    contour = _contour(data, column, generator)
    theirs = zero_contour(_published(data, column))
    difference = (contour["mean"] - theirs)[contour.index]
    rows = len(difference.loc[lowest:highest])
    return Measurement(
        _difference(data, difference, contour["std"], lowest, highest),
        note=f"measured: ours minus published, mean over {rows} values of H",
    )


def shift_of_released_noise(data: FigureData, lowest: float) -> Measurement:
    """Contour with the released noise minus that with the exact one, mean over H ≥ `lowest`.

    Expected from theory to first order in α² (`deepinit.resnet.fractional_weights_theory`), which is a
    guide and no test.
    """
    found = {name: _contour(data, "output", name) for name in ("exact", "released")}
    common = found["released"].index[found["released"].index >= lowest]
    if len(common) == 0:
        raise NotTested(f"needs the map of the released noise at H ≥ {lowest}")
    settings = data.settings["fig7"]
    value = theory = 0.0
    parts = []
    for sign, name in ((1, "released"), (-1, "exact")):
        rows = found[name].loc[common]
        value += sign * float(rows["mean"].mean())
        parts.append(rows["std"] ** 2 / settings["draws"] / len(rows) ** 2)
        contours = [
            first_order_contour(
                generated_covariance(hurst, settings["depth"], name), settings["width"]
            )[0]
            for hurst in common
        ]
        theory += sign * float(np.mean(contours))
    return Measurement(
        sum_interval(value, np.concatenate(parts), settings["draws"] - 1, LEVEL),
        note=f"{len(common)} values of H; theory to first order in α²: {theory:.3f}",
    )


def first_order_mean_square(data: FigureData, column: str, generator: str) -> Measurement:
    """Mean squared change over its value to first order in α², at the greatest β of the map.

    All H at which that value is below 0.01; inputs share a draw's weights, so each draw is one
    replicate. What is left out is about as large, relative, as the value itself.
    """
    frame, settings = _rows(data, generator), data.settings["fig7"]
    beta = frame["beta"].max()
    alpha = scaling_factor(settings["depth"], beta)
    expected = {
        hurst: alpha**2
        * first_order_sums(
            generated_covariance(hurst, settings["depth"], generator), settings["width"]
        )[column == "gradient"]
        for hurst in frame["hurst"].unique()
    }
    frame = frame[(frame["beta"] == beta) & (frame["hurst"].map(expected) < 0.01)]
    squares = 10 ** (2 * frame[f"log10_{column}_change"]) / frame["hurst"].map(expected)
    draws = squares.groupby([frame["hurst"], frame["draw"]]).mean()
    if len(draws) < 40:
        raise NotTested("needs forty weight draws over all H")
    used = frame["hurst"].unique()
    return Measurement(
        mean_interval(draws, LEVEL),
        expected=1.0,
        allowance=max(expected[hurst] for hurst in used),
        note=f"β = {beta:g}, {len(used)} values of H, {len(draws)} draws",
    )


def gradient_contour(data: FigureData, lowest: float, highest: float) -> Measurement:
    """Mean over H of the zero contour of gradients minus that of outputs, against theory.

    Draw by draw; theory to first order in α² at this depth and width.
    """
    gradient, output = (
        contours_by_draw(_comparable(data, column, "exact"), column)
        for column in ("gradient", "output")
    )
    chosen = (gradient - output).loc[lowest:highest]
    settings = data.settings["fig7"]
    covariances = (noise_covariance(hurst, settings["depth"]) for hurst in chosen.index)
    theory = np.array([first_order_contour(each, settings["width"]) for each in covariances])
    expected = float((theory[:, 1] - theory[:, 0]).mean())
    return Measurement(mean_interval(chosen.mean(), LEVEL), expected=expected)


def contour_slope(data: FigureData, column: str, lowest: float, highest: float) -> Measurement:
    """Slope in H of the straight line nearest to the zero contour.

    Weights of different H and of different draws are independent: the spread of draws at each H tells how
    certain the slope is, and a contour that is curved makes it no less so.
    """
    contour = _contour(data, column)
    rows = contour[(contour.index >= lowest) & (contour.index <= highest)]
    if len(rows) < 2:
        raise NotTested("needs two values of H or more")
    centred = rows.index.to_numpy() - rows.index.to_numpy().mean()
    weights, draws = centred / (centred**2).sum(), data.settings["fig7"]["draws"]
    return Measurement(
        sum_interval(weights @ rows["mean"], (weights * rows["std"]) ** 2 / draws, draws - 1, LEVEL)
    )


def notebook_difference(data: FigureData, generator: str) -> Measurement:
    """Mean difference of log10 to the means, not clipped, that the authors' notebook prints.

    The printed means come from as many draws, with the released noise: their spread is ours with that.
    """
    theirs = data.published["a_notebook"].set_index("hurst")
    (beta,) = theirs["beta"].unique()
    found = {}
    for name in {generator, "released"}:
        frame = _comparable(data, "output", name)
        cells = frame[(frame["beta"] == beta) & frame["hurst"].isin(theirs.index)]
        found[name] = cells.groupby(["hurst", "draw"])["log10_output_change"].mean().unstack()
        if len(found[name]) < len(theirs):
            raise NotTested(f"needs the {name} noise at the ten published H")
    difference = found[generator].mean(axis=1) - theirs["log10_output_ratio"]
    draws, rows = data.settings["fig7"]["draws"], len(theirs)
    own, printed = (found[name].var(axis=1) / draws / rows**2 for name in (generator, "released"))
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
    theirs = data.published["a_top_rows"].set_index("label")["log10_output_ratio"]
    (hurst,) = data.published["a_top_rows"]["hurst"].unique()
    _comparable(data, "output", "released")
    frame = _rows(data, "released")
    frame = frame[frame["hurst"] == hurst]
    means = frame.groupby(["beta", "draw"])["log10_output_change"].mean().unstack("draw")
    ends = [round(i / 49, 6) for i in (61, 64)]
    if not np.isin(ends, means.index).all():
        raise NotTested("needs β = 61/49 and 64/49")
    low, high = ends
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


def _pooled(variance: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return means of variances over five neighbouring H, down, and of how many each is a mean."""
    near = variance.rolling(5, center=True, min_periods=1)
    return near.mean(), near.count()


def largest_contour_difference(
    data: FigureData, highest: float, column: str = "output"
) -> Measurement:
    """Largest difference of the zero contour to the published one at a single H ≤ `highest`.

    As a standard normal score; expected: its 99.9 % quantile (Bonferroni). The published contour
    comes from as many draws, so its own sampling error is as large as ours.

    Raises:
        NotTested: there is no published contour at one of our H.
    """
    contour = _contour(data, column)
    theirs = zero_contour(_published(data, column))
    difference = (contour["mean"] - theirs)[contour.index].loc[:highest]
    if difference.isna().any():
        raise NotTested(f"needs every H up to {highest:g} to be on the published grid")
    draws, count = data.settings["fig7"]["draws"], len(difference)
    variance, rows = _pooled((contour[["std"]] ** 2).loc[:highest])
    error = np.sqrt(2 * variance["std"] / draws)
    freedom = (draws - 1) * rows["std"]
    scores = normal_score(student_tail(difference.abs() / error, freedom))
    seen = error * student_score((1 - LEVEL) / (2 * count), freedom)
    return Measurement(
        Estimate.exactly(scores.max()),
        expected=float(normal_score((1 - LEVEL) / (2 * count))),
        note=f"measured: the largest of {count} differences, as a standard normal score, at "
        f"H = {difference.index[scores.argmax()]:.4g}; published: its 99.9 % quantile, at which "
        f"differences of {seen.min():.2g} to {seen.max():.2g} in β would show",
    )


def clipped_cells(data: FigureData, column: str = "output") -> Measurement:
    """Largest extent to which a ratio of ours lies inside the scale where the published map is clipped.

    As in `largest_contour_difference`. With the released noise where it is computed.
    """
    published = _published(data, column)
    limit = np.sign(published[published.abs() > _CLIPPED]).T
    frames = [_comparable(data, column, name) for name in ("released", "exact")]
    frames[1] = frames[1][frames[1]["hurst"] < frames[0]["hurst"].min()]
    frame = pd.concat(frames)
    ours = mean_map(frame, column).T
    if not np.isin(limit.index, ours.index).all():
        raise NotTested("needs the published grid of H")
    by_draw = frame.groupby(["hurst", "beta", "draw"])[f"log10_{column}_change"].mean()
    variance, rows = _pooled(by_draw.groupby(["hurst", "beta"]).var().unstack())
    draws = data.settings["fig7"]["draws"]
    ours = ours.loc[limit.index, limit.columns]
    variance, rows = (part.loc[limit.index, limit.columns] for part in (variance, rows))
    inside = (1 - limit * ours) / np.sqrt(2 * variance / draws)
    scores = (
        pd.DataFrame(
            normal_score(student_tail(inside, (draws - 1) * rows)), limit.index, limit.columns
        )
        .stack()
        .dropna()
    )
    hurst, beta = scores.idxmax()
    return Measurement(
        Estimate.exactly(scores.max()),
        expected=float(normal_score((1 - LEVEL) / len(scores))),
        note=f"measured: the largest of {len(scores)} cells, as a standard normal score, at "
        f"(H, β) = ({hurst:.4g}, {beta:.3g}), where log10 is {ours.loc[hurst, beta]:.2f} here; "
        "published: its 99.9 % quantile",
    )
