"""Approach of the ratios at β = ½ to their log-normal limit (Marion et al. 2025)."""

from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.finite_depth import (
    correlation_of_ratios,
    distance_to_limit,
    log_ratio_cumulants,
)
from deepinit.resnet.ratios_theory import log_normal_limit
from deepinit.stats.intervals import mean_interval
from papers.marion2025.lognormal import measures
from papers.marion2025.lognormal.measures import Logs, distance, standardised
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, count_axis, footnote, legend_above

figure = Presentation(measures)


@figure.summary
def logs(table: pd.DataFrame) -> Logs:
    """log ‖h_L‖/‖h_0‖ by width and depth, without gradients."""
    points = table[table["sampler"] == "lengths"].groupby(["width", "depth"])["log10_output_norm"]
    return {
        (int(width), int(depth)): found.to_numpy() * np.log(10) for (width, depth), found in points
    }


@figure.summary
def by_depth(logs: Logs) -> pd.DataFrame:
    """Bias and relative deviation with 95 % half-widths, and the distance to the limit.

    By width and depth. Noise is the distance that a sample of the limit itself keeps below in 95 %
    of cases.
    """
    rows = {}
    for (width, depth), found in logs.items():
        scaled = standardised(found, width)
        mean = mean_interval(scaled, 0.95)
        variance = mean_interval((scaled - mean.value) ** 2, 0.95)
        rows[width, depth] = {
            "bias": mean.value,
            "bias_error": mean.half_width,
            "deviation": np.sqrt(variance.value),
            "deviation_error": variance.half_width / (2 * np.sqrt(variance.value)),
            "distance": distance(found, width),
            "noise": scipy.stats.kstwobign.isf(0.05) / np.sqrt(len(found)),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _approach(axes: np.ndarray, by_depth: pd.DataFrame) -> None:
    """Draw bias, deviation and distance against depth, with theory to order 1/L."""
    bias, deviation, distances = axes
    widths, depths = (sorted(by_depth.index.unique(level)) for level in (0, 1))
    fine = np.geomspace(depths[0], depths[-1], 100)
    for place, (colour, width) in enumerate(zip(cycle(COLOURS), widths, strict=False)):
        found, limit = by_depth.loc[width], log_normal_limit(width)
        # Sideways, so that intervals do not hide one another.
        beside = found.index * 1.15 ** (place - (len(widths) - 1) / 2)
        theory = [log_ratio_cumulants(depth, width) for depth in fine]
        points = {"color": colour, "marker": "o", "ls": "none", "ms": 3}
        errors = {**points, "elinewidth": 0.8}
        line = {"color": colour, "lw": 0.9}
        bias.errorbar(beside, found["bias"], found["bias_error"], label=f"d = {width}", **errors)
        bias.plot(fine, [(c.mean - limit.mean) / limit.deviation for c in theory], **line)
        deviation.errorbar(beside, found["deviation"], found["deviation_error"], **errors)
        deviation.plot(fine, [c.variance**0.5 / limit.deviation for c in theory], **line)
        distances.plot(found.index, found["distance"], **points)
        distances.plot(fine, [distance_to_limit(depth, width) for depth in fine], **line)
    distances.plot(
        found.index, found["noise"], "_", color="0.4", ms=9, label="95 % noise of the sample"
    )
    bias.plot([], [], color="0.3", lw=0.9, label="theory to order 1/L")
    titles = ("(a) mean of the logarithm", "(b) its deviation", "(c) distance to the limit")
    for axis, title in zip(axes, titles, strict=True):
        axis.set_title(title)
        count_axis(axis, depths, "depth L")
    bias.set_ylabel("(mean − limit) / limit sd")
    deviation.set_ylabel("sd / limit sd")
    bias.axhline(0, color="black", lw=0.6)
    deviation.axhline(1, color="black", lw=0.6)
    distances.set(yscale="log", ylabel="Kolmogorov–Smirnov", ylim=(1e-3, None))
    legend_above(axes[0].figure, (bias, distances), columns=len(widths) + 2)


def _quantiles(axis: Axes, logs: Logs) -> None:
    """Draw quantiles of the deepest and widest networks against those of the limit."""
    width, depth = (max(values) for values in zip(*logs, strict=True))
    scaled = standardised(np.sort(logs[width, depth]), width)
    ranks = np.arange(1, len(scaled) + 1)
    expected = scipy.stats.norm.ppf((ranks - 0.5) / len(scaled))
    low, high = (
        scipy.stats.norm.ppf(scipy.stats.beta.ppf(p, ranks, len(scaled) + 1 - ranks))
        for p in (0.025, 0.975)
    )
    axis.fill_between(expected, low - expected, high - expected, color="0.6", alpha=0.4, lw=0,
                      label="95 % of each quantile")  # fmt: skip
    axis.plot(
        expected, scaled - expected, color=COLOURS[0], lw=0.9, label=f"d = {width}, L = {depth}"
    )
    axis.axhline(0, color="black", lw=0.7)
    reach = 1.1 * max(0.3, np.abs(scaled - expected).max())
    axis.set(xlabel="normal quantile", ylabel="quantile minus normal quantile",
             ylim=(-reach, reach), title="(d) log-normal quantiles")  # fmt: skip
    axis.legend(loc="upper center", fontsize=6)


def _joint(axis: Axes, frame: pd.DataFrame, width: int, depth: int, letter: str) -> None:
    """Draw the output ratio against the gradient ratio, both standardised by the limit."""
    output, gradient = (
        standardised(frame[f"log10_{name}_norm"].to_numpy() * np.log(10), width)
        for name in ("output", "gradient")
    )
    shown = slice(0, 2500)
    axis.plot(output[shown], gradient[shown], ".", color=COLOURS[0], ms=1, alpha=0.5, mew=0,
              rasterized=True)  # fmt: skip
    correlation = np.corrcoef(output, gradient)[0, 1]
    error = 1.96 / np.sqrt(len(output))
    axis.text(0.03, 0.97, f"correlation {correlation:.3f} ± {error:.3f}\n"
              f"theory 3/(2d) = {correlation_of_ratios(width):.3f}",
              transform=axis.transAxes, va="top", fontsize=6)  # fmt: skip
    axis.set(xlabel=r"$\log \|h_L\|/\|h_0\|$, standardised", ylabel=r"$\log \|p_0\|/\|p_L\|$, standardised",
             xlim=(-4.5, 4.5), ylim=(-4.5, 5.5))  # fmt: skip
    axis.set_title(f"({letter}) d = {width}, L = {depth}")


@figure.draw
def draw(
    data: FigureData,
    s: SimpleNamespace,
    table: pd.DataFrame,
    logs: Logs,
    by_depth: pd.DataFrame,
    preset: str,
) -> Page:
    """Mean, deviation, distance and quantiles against the limit; both ratios together."""
    page, axes = plt.subplots(2, 3, figsize=(FULL_WIDTH, 4.8))
    _approach(axes[0], by_depth)
    _quantiles(axes[1, 0], logs)
    joint = table[table["sampler"] == "joint"]
    _joint(axes[1, 1], joint, s.joint_width, s.joint_depth, "e")
    other, drawn = data.settings["fig2"], data.tables["fig2"]
    drawn = drawn[drawn["sampler"] == "reduced"]
    _joint(axes[1, 2], drawn, other["width"], other["depth"], "f")
    text = (
        f"β = ½, Gaussian weights, {s.networks} networks per point "
        f"({s.deepest_networks} at L = {s.deepest}, {s.joint_networks} in (e), "
        f"{len(drawn)} in (f)); bars in (a), (b): 95 % intervals"
    )
    footnote(page, preset, text)
    return page
