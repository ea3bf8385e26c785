"""Measurements on the heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from claims.data import PaperData
from deepinit.statistics import (
    Estimate,
    freedom_of_sum,
    mean_interval,
    sum_interval,
    zero_crossing,
)
from deepinit.theory.fractional_noise import generated_covariance, noise_covariance
from deepinit.theory.fractional_residual import first_order_contour, first_order_sums
from deepinit.theory.residual import scaling_factor
from deepinit.verdicts import LEVEL, Measurement, NotTested


def _rows(data: PaperData, generator: str) -> pd.DataFrame:
    """Return the rows of one generator of the noise.

    Raises:
        NotTested: there are none.
    """
    frame = data.tables["fig7"]
    frame = frame[frame["generator"] == generator]
    if frame.empty:
        raise NotTested(f"needs the map of the {generator} noise")
    return frame


def _contours(data: PaperData, column: str, generator: str = "exact") -> pd.Series:
    """Return the zero contour in β by Hurst index and weight draw.

    All β and inputs of a draw share its weights, so each draw gives one contour of its own and
    the draws are the replicates.

    Raises:
        NotTested: the grid is too coarse or the networks too shallow.
    """
    frame = _rows(data, generator)
    settings = data.settings["fig7"]
    if settings["depth"] < 1000 or settings["betas"]["count"] < 30:
        raise NotTested("needs L = 1000 and a fine grid of β")
    mean = frame.groupby(["hurst", "draw", "beta"])[f"log10_{column}_change"].mean()
    return mean.groupby(["hurst", "draw"]).apply(
        lambda curve: zero_crossing(curve.index.get_level_values("beta"), curve.to_numpy())
    )


def _contour(data: PaperData, column: str, generator: str = "exact") -> pd.DataFrame:
    """Return mean and standard deviation over draws of the zero contour, by Hurst index."""
    contour = _contours(data, column, generator).groupby("hurst").agg(["mean", "std"])
    if contour["mean"].isna().any():
        raise NotTested("the grid of β does not reach the zero contour at every H")
    return contour


def contour_at(data: PaperData, hurst: float, column: str = "output") -> Measurement:
    """Critical β of finite depth: where the mean of log10 of the ratio is zero, at one H.

    Between grid points of H the contour is interpolated linearly, its standard error taken as
    the larger of both neighbours'. The published contour comes from as many draws, so its own
    sampling error is as large as ours.
    """
    contour = _contour(data, column)
    value = float(np.interp(hurst, contour.index, contour["mean"]))
    near = contour.iloc[np.argsort(np.abs(contour.index - hurst))[:2]]
    # Five draws give a poor standard error at one H; that of all H within 0.1 is pooled.
    pooled = contour[np.abs(contour.index - hurst) < 0.1]
    draws = data.settings["fig7"]["draws"]
    error = float(np.sqrt((pooled["std"] ** 2).mean() / draws))
    freedom = (draws - 1) * len(pooled)
    half = error * float(stats.t.ppf((1 + LEVEL) / 2, freedom))
    return Measurement(
        Estimate(value, value - half, value + half),
        slack=half * (np.sqrt(2) - 1),
        note=f"between H = {near.index.min():.3g} and {near.index.max():.3g}",
    )


def _with_noise(difference: pd.Series, spread: pd.Series) -> pd.DataFrame:
    """Return ours minus published by Hurst index, and the variance of each of these differences.

    Rows of different H have independent weights. How their variances compare is known from the
    spread of our own draws; how large they are, the noise and the reading of the published map
    included, from the differences of successive rows, which a trend in H hardly enters.
    """
    scale = (np.diff(difference) ** 2).mean() / 2 / (spread**2).mean()
    return pd.DataFrame({"difference": difference, "variance": scale * spread**2})


class _Mean(NamedTuple):
    """A mean over rows, its variance, the degrees of freedom of that, and the number of rows."""

    value: float
    variance: float
    freedom: float
    rows: int


def _mean_within(rows: pd.DataFrame, lowest: float, highest: float, draws: int) -> _Mean:
    """Return the mean difference of the rows of `_with_noise` with H from `lowest` to `highest`.

    Two estimates enter its variance: the rows' shares, from the draws, and the common scale. The mean
    square of successive differences of k numbers has 2 (k − 1)²/(3k − 4) degrees of freedom.
    """
    chosen = rows[(rows.index >= lowest) & (rows.index <= highest)]
    parts = chosen["variance"] / len(chosen) ** 2
    scale = 2 * (len(rows) - 1) ** 2 / (3 * len(rows) - 4)
    freedom = float(1 / (1 / freedom_of_sum(parts, draws - 1) + 1 / scale))
    return _Mean(float(chosen["difference"].mean()), float(parts.sum()), freedom, len(chosen))


def map_difference(
    data: PaperData, lowest: float, highest: float, generator: str = "exact"
) -> Measurement:
    """Mean difference of log10 to the published map over the cells that are not clipped.

    One mean a row of equal H, since the cells of a row share their weights.
    """
    _contour(data, "output", generator)
    published = data.published["marion2025_fig7a_output"]
    frame = _rows(data, generator)
    by_draw = frame.groupby(["hurst", "draw", "beta"])["log10_output_change"].mean()
    ours = by_draw.groupby(["beta", "hurst"]).mean().unstack("hurst")
    theirs = published.pivot(index="beta", columns="hurst", values="log10_output_ratio")
    theirs = theirs[[hurst for hurst in theirs if hurst > ours.columns.min() - 1e-3]]
    if theirs.shape != ours.shape:
        raise NotTested("needs the published grid of H and β")
    visible = (theirs.abs().to_numpy() < 0.99) & (ours.abs().to_numpy() < 0.99)
    visible = pd.DataFrame(visible, index=ours.index, columns=ours.columns)
    # The same cells in every draw, so that draws differ by their weights alone.
    means = pd.DataFrame(
        {
            draw: table.droplevel("draw").where(visible).mean()
            for draw, table in by_draw.unstack("hurst").groupby("draw")
        }
    )
    difference = (ours - theirs.to_numpy()).where(visible).mean()
    draws = data.settings["fig7"]["draws"]
    mean = _mean_within(_with_noise(difference, means.std(axis=1)), lowest, highest, draws)
    cells = visible.loc[:, (visible.columns >= lowest) & (visible.columns <= highest)]
    return Measurement(
        sum_interval(mean.value, mean.variance, mean.freedom, LEVEL),
        note=f"{int(cells.to_numpy().sum())} cells, {mean.rows} values of H",
    )


def _against_published(data: PaperData, generator: str = "exact") -> pd.DataFrame:
    """Return our contour minus the published one with its noise (`_with_noise`).

    Raises:
        NotTested: the grid of H is not the published one.
    """
    contour = _contour(data, "output", generator)
    published = data.published["marion2025_fig7a_output"]
    theirs = published.groupby("hurst").apply(
        lambda row: zero_crossing(row["beta"], row["log10_output_ratio"])
    )
    theirs = theirs[theirs.index > contour.index.min() - 1e-3]
    if len(theirs) != len(contour):
        raise NotTested("needs the published grid of H")
    return _with_noise(contour["mean"] - theirs.to_numpy(), contour["std"])


def contour_difference(data: PaperData, lowest: float, highest: float) -> Measurement:
    """Mean difference in β of the zero contour to that of the published map."""
    draws = data.settings["fig7"]["draws"]
    mean = _mean_within(_against_published(data), lowest, highest, draws)
    return Measurement(
        sum_interval(mean.value, mean.variance, mean.freedom, LEVEL),
        note=f"mean over {mean.rows} values of H",
    )


def edge_shift(
    data: PaperData, below: float, above: float, generator: str = "exact"
) -> Measurement:
    """How much further ours lies below the published contour at large H than at small H.

    Mean difference over H ≥ `above` with the noise of `generator`, minus that over H ≤ `below`
    with the exact noise, so that an offset of the whole published map drops out.
    """
    draws = data.settings["fig7"]["draws"]
    edge = _mean_within(_against_published(data, generator), above, np.inf, draws)
    offset = _mean_within(_against_published(data), -np.inf, below, draws)
    return Measurement(
        sum_interval(
            edge.value - offset.value,
            [edge.variance, offset.variance],
            [edge.freedom, offset.freedom],
            LEVEL,
        ),
        note=f"{edge.rows} values of H",
    )


def shift_of_released_noise(data: PaperData, lowest: float) -> Measurement:
    """Contour with the released noise minus that with the exact one, mean over H ≥ `lowest`.

    Expected from theory to first order in α² (`deepinit.theory.fractional_residual`), which is a
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


def first_order_mean_square(data: PaperData, column: str, generator: str) -> Measurement:
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


def gradient_contour(data: PaperData, lowest: float, highest: float) -> Measurement:
    """Mean over H of the zero contour of gradients minus that of outputs, against theory.

    Draw by draw; theory to first order in α² at this depth and width.
    """
    difference = _contours(data, "gradient") - _contours(data, "output")
    hurst = difference.index.get_level_values("hurst")
    chosen = difference[(hurst >= lowest) & (hurst <= highest)]
    rows = chosen.groupby("draw").mean()
    settings = data.settings["fig7"]
    theory = [
        np.subtract(
            *first_order_contour(noise_covariance(value, settings["depth"]), settings["width"])[
                ::-1
            ]
        )
        for value in chosen.index.unique("hurst")
    ]
    return Measurement(mean_interval(rows, LEVEL), expected=float(np.mean(theory)))


def map_value(data: PaperData, hurst: float, beta: float, generator: str = "exact") -> Measurement:
    """Mean of log10 ‖h_L − h_0‖/‖h_0‖ at the grid point nearest to (H, β).

    Ten inputs share each weight draw: the draws are the replicates, and their spread is pooled
    over neighbouring H.
    """
    _contour(data, "output", generator)
    frame = _rows(data, generator)
    betas, hursts = frame["beta"].unique(), frame["hurst"].unique()
    column = frame[frame["beta"] == betas[np.abs(betas - beta).argmin()]]
    draws = column.groupby(["hurst", "draw"])["log10_output_change"].mean()
    near = hursts[np.abs(hursts - hurst).argmin()]
    value = float(draws[near].mean())
    pooled = (
        draws[np.abs(draws.index.get_level_values("hurst") - near) < 0.06].groupby("hurst").std()
    )
    count = data.settings["fig7"]["draws"]
    error = float(np.sqrt((pooled**2).mean() / count))
    half = error * float(stats.t.ppf((1 + LEVEL) / 2, (count - 1) * len(pooled)))
    return Measurement(
        Estimate(value, value - half, value + half),
        slack=half * (np.sqrt(2) - 1),
        note=f"at H = {near:.4g}",
    )


def contour_slope(data: PaperData, column: str, lowest: float, highest: float) -> Measurement:
    """Slope of the zero contour in H."""
    contour = _contour(data, column)
    rows = contour[(contour.index >= lowest) & (contour.index <= highest)]
    fit = stats.linregress(rows.index, rows["mean"])
    half = float(fit.stderr * stats.t.ppf((1 + LEVEL) / 2, len(rows) - 2))
    return Measurement(Estimate(float(fit.slope), float(fit.slope) - half, float(fit.slope) + half))
