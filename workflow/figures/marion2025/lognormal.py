"""Approach of the ratios at β = ½ to their log-normal limit (Marion et al. 2025)."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from deepinit.resnet.finite_depth import (
    correlation_of_ratios,
    distance_to_limit,
    log_ratio_cumulants,
)
from deepinit.resnet.ratios_theory import log_normal_limit
from deepinit.stats.intervals import mean_interval
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, depth_axis, legend_above, sign


def _by_depth(frame: pd.DataFrame, width: int) -> pd.DataFrame:
    """Return bias and relative deviation with 95 % half-widths, and the distance to the limit."""
    limit = log_normal_limit(width)
    rows = {}
    for depth, group in frame[frame["width"] == width].groupby("depth"):
        logs = group["log10_output_norm"].to_numpy() * np.log(10)
        scaled = (logs - limit.mean) / limit.deviation
        mean = mean_interval(scaled)
        variance = mean_interval((scaled - mean.value) ** 2)
        rows[depth] = {
            "bias": mean.value,
            "bias_error": mean.half_width,
            "deviation": np.sqrt(variance.value),
            "deviation_error": variance.half_width / (2 * np.sqrt(variance.value)),
            "distance": stats.kstest(scaled, stats.norm.cdf).statistic,
            "noise": stats.kstwobign.isf(0.05) / np.sqrt(len(logs)),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _quantiles(axis: Axes, frame: pd.DataFrame) -> None:
    """Draw quantiles of the deepest and widest networks against those of the limit."""
    width, depth = frame["width"].max(), frame["depth"].max()
    chosen = frame[(frame["width"] == width) & (frame["depth"] == depth)]
    limit = log_normal_limit(width)
    logs = np.sort(chosen["log10_output_norm"].to_numpy()) * np.log(10)
    scaled = (logs - limit.mean) / limit.deviation
    ranks = np.arange(1, len(scaled) + 1)
    expected = stats.norm.ppf((ranks - 0.5) / len(scaled))
    low, high = (
        stats.norm.ppf(stats.beta.ppf(p, ranks, len(scaled) + 1 - ranks)) for p in (0.025, 0.975)
    )
    axis.fill_between(expected, low - expected, high - expected, color="0.6", alpha=0.4, lw=0,
                      label="95 % of each quantile")  # fmt: skip
    axis.plot(
        expected, scaled - expected, color=COLOURS[0], lw=0.9, label=f"d = {width}, L = {depth}"
    )
    axis.axhline(0, color="black", lw=0.7)
    reach = 1.1 * max(0.3, np.abs(scaled - expected).max())
    axis.set(xlabel="quantile of the normal law", ylabel="quantile minus normal quantile",
             ylim=(-reach, reach), title="(d) log-normal quantiles")  # fmt: skip
    axis.legend(loc="upper center", fontsize=6)


def _joint(axis: Axes, frame: pd.DataFrame, width: int, letter: str) -> None:
    """Draw the output ratio against the gradient ratio, both standardised by the limit."""
    limit = log_normal_limit(width)
    output, gradient = (
        (frame[f"log10_{name}_norm"].to_numpy() * np.log(10) - limit.mean) / limit.deviation
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
    depth = frame["depth"].iloc[0]
    axis.set_title(f"({letter}) d = {width}, L = {depth}")


def lognormal(job: Job) -> Figure:
    """Mean, deviation, distance and quantiles against the limit; both ratios together."""
    frame, spec = job.table(), job.spec["settings"]
    outputs, joint = (frame[frame["sampler"] == name] for name in ("lengths", "joint"))
    figure, axes = plt.subplots(2, 3, figsize=(FULL_WIDTH, 4.8))
    widths = sorted(outputs["width"].unique())
    depths = sorted(outputs["depth"].unique())
    fine = np.geomspace(depths[0], depths[-1], 100)
    for colour, width in zip(COLOURS, widths, strict=False):
        found = _by_depth(outputs, width)
        limit = log_normal_limit(width)
        theory = [log_ratio_cumulants(depth, width) for depth in fine]
        style = {
            "color": colour,
            "marker": "o",
            "linestyle": "none",
            "markersize": 3,
            "elinewidth": 0.8,
        }
        axes[0, 0].errorbar(
            found.index, found["bias"], found["bias_error"], label=f"d = {width}", **style
        )
        axes[0, 0].plot(
            fine, [(c.mean - limit.mean) / limit.deviation for c in theory], color=colour, lw=0.9
        )
        axes[0, 1].errorbar(found.index, found["deviation"], found["deviation_error"], **style)
        axes[0, 1].plot(
            fine, [c.variance**0.5 / limit.deviation for c in theory], color=colour, lw=0.9
        )
        axes[0, 2].plot(found.index, found["distance"], color=colour, marker="o", ls="none", ms=3)
        axes[0, 2].plot(
            fine, [distance_to_limit(depth, width) for depth in fine], color=colour, lw=0.9
        )
    axes[0, 2].plot(
        found.index, found["noise"], "_", color="0.4", ms=9, label="95 % noise of the sample"
    )
    axes[0, 0].plot([], [], color="0.3", lw=0.9, label="theory to order 1/L")
    for axis, title in zip(
        axes[0],
        ("(a) mean minus limit, in limit sd", "(b) sd over limit sd", "(c) distance to the limit"),
        strict=True,
    ):
        axis.set_title(title)
        depth_axis(axis, depths)
    axes[0, 0].axhline(0, color="black", lw=0.6)
    axes[0, 1].axhline(1, color="black", lw=0.6)
    axes[0, 2].set(yscale="log", ylabel="Kolmogorov–Smirnov", ylim=(1e-3, None))
    legend_above(figure, (axes[0, 0], axes[0, 2]), columns=len(widths) + 2)
    _quantiles(axes[1, 0], outputs)
    _joint(axes[1, 1], joint, spec["joint_width"], "e")
    other = job.spec["read_settings"]["fig2"]
    drawn = job.table("fig2")
    drawn = drawn[drawn["sampler"] == "reduced"].assign(depth=other["depth"])
    _joint(axes[1, 2], drawn, other["width"], "f")
    text = (
        f"β = ½, Gaussian weights, {spec['networks']} networks a point "
        f"({spec['deepest_networks']} at L = {spec['deepest']}, {spec['joint_networks']} in (e), "
        f"{len(drawn)} in (f))"
    )
    sign(figure, job.spec["preset"], text)
    return figure
