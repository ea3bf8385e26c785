"""Measurements on the heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd
from scipy import stats

from claims.data import PaperData
from deepinit.statistics import Estimate, mean_interval, zero_crossing
from deepinit.theory.fractional_noise import generated_covariance, noise_covariance
from deepinit.theory.fractional_residual import first_order_contour, first_order_sums
from deepinit.theory.residual import scaling_factor
from deepinit.verdicts import LEVEL, Measurement, NotTested

_Z = float(stats.norm.ppf((1 + LEVEL) / 2))


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


def _mean_over_rows(rows: pd.Series, chosen: pd.Series) -> Estimate:
    """Return the mean of the chosen rows; their noise is estimated from all rows.

    Rows of different H have independent weights. The variance of one row comes from the
    differences of successive rows, which a trend in H hardly enters.
    """
    noise = float(np.sqrt((np.diff(rows) ** 2).mean() / 2))
    half = noise / np.sqrt(len(chosen)) * float(stats.t.ppf((1 + LEVEL) / 2, len(rows) // 2))
    mean = float(chosen.mean())
    return Estimate(mean, mean - half, mean + half)


def map_difference(
    data: PaperData, lowest: float, highest: float, generator: str = "exact"
) -> Measurement:
    """Mean difference of log10 to the published map over the cells that are not clipped.

    One mean a row of equal H, since the cells of a row share their weights.
    """
    _contour(data, "output", generator)
    published = data.published["marion2025_fig7a_output"]
    ours = _rows(data, generator).groupby(["hurst", "beta"])["log10_output_change"].mean()
    ours = ours.unstack("hurst")
    theirs = published.pivot(index="beta", columns="hurst", values="log10_output_ratio")
    theirs = theirs[[hurst for hurst in theirs if hurst > ours.columns.min() - 1e-3]]
    if theirs.shape != ours.shape:
        raise NotTested("needs the published grid of H and β")
    visible = (theirs.abs().to_numpy() < 0.99) & (ours.abs().to_numpy() < 0.99)
    difference = np.where(visible, ours.to_numpy() - theirs.to_numpy(), np.nan)
    rows = pd.Series(np.nanmean(difference, axis=0), index=ours.columns)
    within = (rows.index >= lowest) & (rows.index <= highest)
    return Measurement(
        _mean_over_rows(rows, rows[within]),
        note=f"{int((visible & within[None, :]).sum())} cells, {int(within.sum())} values of H",
    )


def _against_published(data: PaperData, generator: str = "exact") -> pd.DataFrame:
    """Return our contour minus the published one, and its variance, by Hurst index.

    The noise of a row is that of its draws, for both maps.

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
    return pd.DataFrame(
        {
            "difference": contour["mean"].to_numpy() - theirs.to_numpy(),
            "variance": 2 * contour["std"].to_numpy() ** 2 / data.settings["fig7"]["draws"],
        },
        index=contour.index,
    )


def contour_difference(data: PaperData, lowest: float, highest: float) -> Measurement:
    """Mean difference in β of the zero contour to that of the published map."""
    rows = _against_published(data)["difference"]
    within = (rows.index >= lowest) & (rows.index <= highest)
    return Measurement(
        _mean_over_rows(rows, rows[within]), note=f"mean over {int(within.sum())} values of H"
    )


def edge_shift(
    data: PaperData, below: float, above: float, generator: str = "exact"
) -> Measurement:
    """How much further ours lies below the published contour at large H than at small H.

    Mean difference over H ≥ `above` with the noise of `generator`, minus that over H ≤ `below`
    with the exact noise, so that an offset of the whole published map drops out.
    """
    edge, offset = _against_published(data, generator), _against_published(data)
    edge, offset = edge[edge.index >= above], offset[offset.index <= below]
    value = float(edge["difference"].mean() - offset["difference"].mean())
    error = sum(float(rows["variance"].sum()) / len(rows) ** 2 for rows in (edge, offset))
    half = _Z * error**0.5
    return Measurement(Estimate(value, value - half, value + half), note=f"{len(edge)} values of H")


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
    value = error = theory = 0.0
    for sign, name in ((1, "released"), (-1, "exact")):
        rows = found[name].loc[common]
        value += sign * float(rows["mean"].mean())
        error += float((rows["std"] ** 2).sum()) / settings["draws"] / len(rows) ** 2
        contours = [
            first_order_contour(
                generated_covariance(hurst, settings["depth"], name), settings["width"]
            )[0]
            for hurst in common
        ]
        theory += sign * float(np.mean(contours))
    half = _Z * error**0.5
    return Measurement(
        Estimate(value, value - half, value + half),
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
        slack=max(expected[hurst] for hurst in used),
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
