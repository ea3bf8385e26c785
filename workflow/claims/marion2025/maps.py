"""Measurements on the heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd
from scipy import stats

from claims.data import PaperData
from deepinit.statistics import Estimate, mean_interval, zero_crossing
from deepinit.verdicts import LEVEL, Measurement, NotTested

_Z = float(stats.norm.ppf((1 + LEVEL) / 2))


def _contours(data: PaperData, column: str) -> pd.Series:
    """Return the zero contour in β by Hurst index and weight draw.

    All β and inputs of a draw share its weights, so each draw gives one contour of its own and
    the draws are the replicates.

    Raises:
        NotTested: the grid is too coarse or the networks too shallow.
    """
    frame = data.tables["fig7"]
    settings = data.settings["fig7"]
    if settings["depth"] < 1000 or settings["betas"]["count"] < 30:
        raise NotTested("needs L = 1000 and a fine grid of β")
    mean = frame.groupby(["hurst", "draw", "beta"])[f"log10_{column}_change"].mean()
    return mean.groupby(["hurst", "draw"]).apply(
        lambda curve: zero_crossing(curve.index.get_level_values("beta"), curve.to_numpy())
    )


def _contour(data: PaperData, column: str) -> pd.DataFrame:
    """Return mean and standard deviation over draws of the zero contour, by Hurst index."""
    contour = _contours(data, column).groupby("hurst").agg(["mean", "std"])
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


def _mean_over_rows(rows: pd.Series, chosen: pd.Series) -> Estimate:
    """Return the mean of the chosen rows; their noise is estimated from all rows.

    Rows of different H have independent weights. The variance of one row comes from the
    differences of successive rows, which a trend in H hardly enters.
    """
    noise = float(np.sqrt((np.diff(rows) ** 2).mean() / 2))
    half = noise / np.sqrt(len(chosen)) * float(stats.t.ppf((1 + LEVEL) / 2, len(rows) // 2))
    mean = float(chosen.mean())
    return Estimate(mean, mean - half, mean + half)


def map_difference(data: PaperData, lowest: float, highest: float) -> Measurement:
    """Mean difference of log10 to the published map over the cells that are not clipped.

    One mean a row of equal H, since the cells of a row share their weights. A position in β is
    read to 1 % of the axis, which moves a cell's value by that much times the map's slope.
    """
    _contour(data, "output")
    published = data.published["marion2025_fig7a_output"]
    ours = data.tables["fig7"].groupby(["hurst", "beta"])["log10_output_change"].mean()
    ours = ours.unstack("hurst")
    betas = ours.index.to_numpy()
    slope = np.abs(np.gradient(ours.to_numpy(), betas, axis=0))
    theirs = published.pivot(index="beta", columns="hurst", values="log10_output_ratio")
    if theirs.shape != ours.shape:
        raise NotTested("needs the published grid of H and β")
    visible = (theirs.abs().to_numpy() < 0.99) & (ours.abs().to_numpy() < 0.99)
    difference = np.where(visible, ours.to_numpy() - theirs.to_numpy(), np.nan)
    rows = pd.Series(np.nanmean(difference, axis=0), index=ours.columns)
    within = (rows.index >= lowest) & (rows.index <= highest)
    position = 0.01 * float(betas[-1] - betas[0])
    return Measurement(
        _mean_over_rows(rows, rows[within]),
        slack=position * float(slope[visible & within[None, :]].mean()),
        note=f"{int((visible & within[None, :]).sum())} cells, {int(within.sum())} values of H",
    )


def _published_contour(data: PaperData) -> pd.Series:
    published = data.published["marion2025_fig7a_output"]
    return published.groupby("hurst").apply(
        lambda row: zero_crossing(row["beta"], row["log10_output_ratio"])
    )


def contour_difference(data: PaperData, lowest: float, highest: float) -> Measurement:
    """Mean difference in β of the zero contour to that of the published map."""
    contour, theirs = _contour(data, "output")["mean"], _published_contour(data)
    if len(theirs) != len(contour):
        raise NotTested("needs the published grid of H")
    rows = pd.Series(contour.to_numpy() - theirs.to_numpy(), index=contour.index)
    within = (rows.index >= lowest) & (rows.index <= highest)
    return Measurement(
        _mean_over_rows(rows, rows[within]), note=f"mean over {int(within.sum())} values of H"
    )


def edge_shift(data: PaperData, below: float, above: float) -> Measurement:
    """How much further ours lies below the published contour at large H than at small H.

    Mean difference over H ≥ `above` minus that over H ≤ `below`, so that an offset of the whole
    published map drops out. The noise of a row is that of its draws, for both maps.
    """
    contour, theirs = _contour(data, "output"), _published_contour(data)
    if len(theirs) != len(contour):
        raise NotTested("needs the published grid of H")
    difference = contour["mean"].to_numpy() - theirs.to_numpy()
    variance = 2 * contour["std"].to_numpy() ** 2 / data.settings["fig7"]["draws"]
    value = error = 0.0
    for sign, rows in ((1, contour.index >= above), (-1, contour.index <= below)):
        value += sign * float(difference[rows].mean())
        error += float(variance[rows].sum()) / int(rows.sum()) ** 2
    half = _Z * error**0.5
    return Measurement(Estimate(value, value - half, value + half))


def gradient_contour(data: PaperData, lowest: float, highest: float) -> Measurement:
    """Mean over H of the zero contour of gradients minus that of outputs, draw by draw."""
    difference = _contours(data, "gradient") - _contours(data, "output")
    hurst = difference.index.get_level_values("hurst")
    rows = difference[(hurst >= lowest) & (hurst <= highest)].groupby("draw").mean()
    return Measurement(mean_interval(rows, LEVEL))


def map_value(data: PaperData, hurst: float, beta: float) -> Measurement:
    """Mean of log10 ‖h_L − h_0‖/‖h_0‖ at the grid point nearest to (H, β).

    Ten inputs share each weight draw: the draws are the replicates, and their spread is pooled
    over neighbouring H.
    """
    _contour(data, "output")
    frame = data.tables["fig7"]
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
