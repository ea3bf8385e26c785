"""Measurements for the claims of Marion et al. (2025)."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from claims.data import PaperData
from deepinit.statistics import (
    Estimate,
    fraction_interval,
    mean_interval,
    quantile_interval,
    zero_crossing,
)
from deepinit.theory.residual import (
    log_normal_limit,
    mean_squared_change_bounds,
    mean_squared_growth,
    probability_bounds,
    scaling_factor,
)
from deepinit.verdicts import LEVEL, Measurement, NotTested

_Z = float(stats.norm.ppf((1 + LEVEL) / 2))


def _exactly(value: float) -> Estimate:
    return Estimate(float(value), float(value), float(value))


# ------------------------------------------------------------------------------------- fig1
def largest_discrepancy(data: PaperData, beta: float) -> Measurement:
    """Largest difference to the published means over depths, in combined standard errors.

    The published means come from 50 networks each, so they scatter as ours do; the difference
    of both has the variance sd²/n + sd²/50 + (reading error)².
    """
    published = data.published["marion2025_fig1"]
    frame = data.rows("fig1", beta=beta)
    scores, errors, count = [], [], 0
    for row in published[published["beta"] == beta].itertuples():
        values = 10 ** frame[frame["depth"] == row.depth]["log10_output_change"].to_numpy()
        if len(values) < 2:
            continue
        variance = values.var(ddof=1) * (1 / len(values) + 1 / 50) + row.reading_error**2
        scores.append(abs(values.mean() - row.ratio) / np.sqrt(variance))
        errors.append(np.sqrt(variance) / row.ratio)
        count = len(values)
    if len(scores) < 3:
        raise NotTested("needs three published depths or more")
    threshold = stats.t.isf((1 - LEVEL) / (2 * len(scores)), count - 1)
    if threshold * max(errors) > 1:
        raise NotTested("needs more networks: the means are too uncertain to compare")
    return Measurement(
        _exactly(max(scores)),
        expected=float(threshold),
        note=f"measured: the largest of {len(scores)} differences in standard errors; published: its "
        f"99.9 % quantile, at which differences of {100 * threshold * min(errors):.0f} to "
        f"{100 * threshold * max(errors):.0f} % would show",
    )


def _slope(frame: pd.DataFrame) -> Estimate:
    fit = stats.linregress(np.log10(frame["depth"]), frame["log10_output_change"])
    return Estimate(
        float(fit.slope), float(fit.slope - _Z * fit.stderr), float(fit.slope + _Z * fit.stderr)
    )


def slope_in_depth(data: PaperData, beta: float) -> Measurement:
    """Slope of log10 ‖h_L − h_0‖/‖h_0‖ in log10 L, against that of the exact mean square."""
    frame = data.rows("fig1", beta=beta)
    depths = np.sort(frame["depth"].unique())
    if depths[-1] < 100:
        raise NotTested("needs a depth of 100 or more")
    exact = [0.5 * np.log10(mean_squared_change_bounds(depth, beta)[0]) for depth in depths]
    return Measurement(
        _slope(frame), expected=float(stats.linregress(np.log10(depths), exact).slope)
    )


def rise_of_slope(data: PaperData, beta: float) -> Measurement:
    """Slope in log-log over the three greatest depths minus that over the three smallest."""
    frame = data.rows("fig1", beta=beta)
    depths = np.sort(frame["depth"].unique())
    if len(depths) < 6 or depths[-1] < 500:
        raise NotTested("needs six depths, up to 500 or more")
    first = _slope(frame[frame["depth"].isin(depths[:3])])
    last = _slope(frame[frame["depth"].isin(depths[-3:])])
    rise = last.value - first.value
    half = float(np.hypot(first.half_width, last.half_width))
    return Measurement(
        Estimate(rise, rise - half, rise + half),
        note=f"slope {first.value:.2f} at the smallest depths, {last.value:.2f} at the greatest",
    )


def mean_square_against_theory(data: PaperData, betas: list[float]) -> Measurement:
    """Mean over networks of ‖h_L − h_0‖²/‖h_0‖² over its exact value, all depths and β."""
    frame = data.tables["fig1"]
    frame = frame[frame["beta"].isin(betas)]
    exact = {
        (beta, depth): mean_squared_change_bounds(depth, beta)[0]
        for beta, depth in frame[["beta", "depth"]].drop_duplicates().itertuples(index=False)
    }
    keys = zip(frame["beta"], frame["depth"], strict=True)
    relative = 10 ** (2 * frame["log10_output_change"]) / np.array([exact[key] for key in keys])
    return Measurement(mean_interval(relative, LEVEL), expected=1.0)


def within_markov_bound(data: PaperData, delta: float) -> Measurement:
    """Fraction of networks with ‖h_L − h_0‖²/‖h_0‖² ≤ 2 L α²/δ, where L α² ≤ 1."""
    frame = data.tables["fig1"]
    alpha = np.array(
        [scaling_factor(d, b) for d, b in zip(frame["depth"], frame["beta"], strict=True)]
    )
    budget = frame["depth"].to_numpy() * alpha**2
    tested = budget <= 1 + 1e-9
    within = 10 ** (2 * frame["log10_output_change"].to_numpy()) <= 2 * budget / delta
    return Measurement(fraction_interval(int(within[tested].sum()), int(tested.sum()), LEVEL))


# ------------------------------------------------------------------------------------- fig2
def _ratios(data: PaperData, sampler: str, column: str) -> NDArray[np.float64]:
    settings = data.settings["fig2"]
    if settings["depth"] < 1000 or settings["width"] != 100:
        raise NotTested("needs L = 1000 and d = 100")
    return 10 ** data.rows("fig2", sampler=sampler)[f"log10_{column}_norm"].to_numpy()


def ratio_quantile(data: PaperData, sampler: str, column: str, probability: float) -> Measurement:
    """A quantile of ‖h_L‖/‖h_0‖ ("output") or ‖p_0‖/‖p_L‖ ("gradient")."""
    values = _ratios(data, sampler, column)
    return Measurement(quantile_interval(values, probability, LEVEL))


def outside_range(data: PaperData, low: float, high: float) -> Measurement:
    """Fraction of the output ratios outside [low, high]."""
    values = _ratios(data, "reduced", "output")
    outside = int(((values < low) | (values > high)).sum())
    return Measurement(
        fraction_interval(outside, len(values), LEVEL), note=f"{outside} of {len(values)} networks"
    )


def bound(data: PaperData, upper: bool) -> Measurement:
    """The theorem's bound at the δ of the settings."""
    settings = data.settings["fig2"]
    if settings["width"] != 100:
        raise NotTested("needs d = 100")
    return Measurement(_exactly(probability_bounds(settings["width"], settings["delta"])[upper]))


def within_bounds(data: PaperData, sampler: str, column: str) -> Measurement:
    """Fraction of networks within the theorem's bounds."""
    settings = data.settings["fig2"]
    values = _ratios(data, sampler, column)
    low, high = probability_bounds(settings["width"], settings["delta"])
    inside = int(((values > low) & (values < high)).sum())
    return Measurement(
        fraction_interval(inside, len(values), LEVEL), expected=1 - settings["delta"]
    )


def log_moment(data: PaperData, column: str, moment: str) -> Measurement:
    """Mean or standard deviation of the natural logarithm against the log-normal limit.

    The limit holds for L → ∞ at any d; at finite L both are off by 1/L times a number of order
    one.
    """
    settings = data.settings["fig2"]
    logs = np.log(_ratios(data, "reduced", column))
    limit = log_normal_limit(settings["width"])
    slack = 1 / settings["depth"]
    if moment == "mean":
        return Measurement(mean_interval(logs, LEVEL), expected=limit.mean, slack=slack)
    squares = (logs - logs.mean()) ** 2 * len(logs) / (len(logs) - 1)
    variance = mean_interval(squares, LEVEL)
    return Measurement(
        Estimate(*(float(np.sqrt(part)) for part in variance)),
        expected=limit.deviation,
        slack=slack,
    )


def mean_square_growth(data: PaperData, sampler: str, column: str) -> Measurement:
    """Mean over networks of the squared ratio, against (1 + α²/2)^L."""
    settings = data.settings["fig2"]
    values = 10 ** (2 * data.rows("fig2", sampler=sampler)[f"log10_{column}_norm"])
    growth = mean_squared_growth(settings["depth"], settings["beta"])
    return Measurement(mean_interval(values, LEVEL), expected=float(np.exp(growth)))


def distance_of_samplers(data: PaperData, column: str) -> Measurement:
    """Kolmogorov–Smirnov distance of uniform (drawn) from Gaussian (reduced) weights."""
    drawn, reduced = _ratios(data, "explicit", column), _ratios(data, "reduced", column)
    result = stats.ks_2samp(drawn, reduced, method="asymp")
    effective = round(1 / (1 / len(drawn) + 1 / len(reduced)))
    return Measurement(
        _exactly(result.statistic),
        expected=float(stats.kstwo.isf(1 - LEVEL, effective)),
        note=f"{len(drawn)} drawn, {len(reduced)} reduced",
    )


def distance_of_gradients(data: PaperData) -> Measurement:
    """Kolmogorov–Smirnov distance of gradients from outputs, each from half of the networks."""
    outputs, gradients = (_ratios(data, "reduced", name) for name in ("output", "gradient"))
    half = len(outputs) // 2
    result = stats.ks_2samp(outputs[:half], gradients[half:], method="asymp")
    return Measurement(
        _exactly(result.statistic), expected=float(stats.kstwo.isf(1 - LEVEL, half // 2))
    )


# ------------------------------------------------------------------------------------- fig7
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
