"""Figures of Marion et al. (2025): scaling of residual networks."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.statistics import log10_mean_interval, zero_crossing
from deepinit.theory.residual import (
    critical_beta,
    log_normal_limit,
    mean_squared_change_bounds,
    probability_bounds,
)
from figures.parts import COLOURS, PUBLISHED, depth_axis, line_with_band, panels, sign
from pipeline.job import Job

OUTPUT_CHANGE = r"$\|h_L - h_0\| \, / \, \|h_0\|$"


def _mean_by_depth(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return decimal logarithms of mean, low and high (95 % bootstrap) by depth."""
    rows = {depth: log10_mean_interval(group[column]) for depth, group in frame.groupby("depth")}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])


def fig1(job: Job) -> Figure:
    """‖h_L − h_0‖/‖h_0‖ against depth for iid weights, one panel a β."""
    frame = job.table()
    published = pd.read_csv(job.inputs["published"][0])
    betas = job.spec["settings"]["betas"]
    figure, axes = panels(len(betas))
    for axis, beta, letter in zip(axes, betas, "abcdefgh", strict=False):
        curve = 10 ** _mean_by_depth(frame[frame["beta"] == beta], "log10_output_change")
        line_with_band(
            axis, curve.index, curve["mean"], curve["low"], curve["high"], color=COLOURS[0],
            marker="o", label="mean, 95 % interval",
        )  # fmt: skip
        fine = np.unique(np.geomspace(curve.index.min(), curve.index.max(), 100).astype(int))
        exact = [mean_squared_change_bounds(depth, beta)[0] ** 0.5 for depth in fine]
        axis.plot(
            fine, exact, "--", color="0.4", lw=0.9, label=r"$\sqrt{(1+\alpha^2/2)^L-1}$ (r.m.s.)"
        )
        read = published[(published["beta"] == beta) & published["depth"].isin(curve.index)]
        if len(read):
            axis.plot(read["depth"], read["ratio"], **PUBLISHED, label="published")
        depth_axis(axis, list(curve.index))
        axis.set_title(f"({letter}) β = {beta:g}")
        if curve["mean"].max() > 10:
            axis.set_yscale("log")
        elif curve["mean"].min() > 0.5:
            axis.set_ylim(0, 1.25)
        else:
            axis.set_ylim(0, None)
    axes[0].set_ylabel(OUTPUT_CHANGE)
    axes[-1].legend(loc="lower right")
    count = frame.groupby(["beta", "depth"]).size().min()
    sign(
        figure, job.spec["preset"], f"{count} networks a point, d = {job.spec['settings']['width']}"
    )
    return figure


def _histogram(axis: Axes, frame: pd.DataFrame, column: str, spec: dict) -> None:
    width = spec["width"]
    limit = log_normal_limit(width)
    bins = np.linspace(0.8, 2.1, 131)
    samples = {name: 10 ** group[column].to_numpy() for name, group in frame.groupby("sampler")}
    reduced, explicit = samples["reduced"], samples["explicit"]
    axis.hist(reduced, bins, density=True, color=COLOURS[0], alpha=0.45, lw=0,
              label=f"Gaussian weights, n = {len(reduced)}")  # fmt: skip
    axis.hist(explicit, bins[::2], density=True, histtype="step", color=COLOURS[3], lw=0.9,
              label=f"uniform weights, n = {len(explicit)}")  # fmt: skip
    x = np.linspace(0.8, 2.1, 400)
    density = np.exp(-0.5 * ((np.log(x) - limit.mean) / limit.deviation) ** 2)
    axis.plot(x, density / (x * limit.deviation * np.sqrt(2 * np.pi)), color="black", lw=0.9,
              label="log-normal limit")  # fmt: skip
    low, high = np.quantile(reduced, [0.25, 0.75])
    below, above = probability_bounds(width, spec["delta"])
    for value, side, colour, style in (
        (low, "right", COLOURS[0], "--"),
        (high, "left", COLOURS[0], "--"),
        (below, "center", COLOURS[2], "-"),
        (above, "center", COLOURS[2], "-"),
    ):
        axis.axvline(value, color=colour, lw=0.9, ls=style)
        axis.text(value, 1.01, f"{value:.2f}", transform=axis.get_xaxis_transform(), ha=side,
                  va="bottom", fontsize=6, color=colour)  # fmt: skip
    axis.plot([], [], color=COLOURS[0], lw=0.8, ls="--", label="quartiles")
    axis.plot(
        [], [], color=COLOURS[2], lw=1, label=f"bounds as drawn in the paper, δ = {spec['delta']:g}"
    )
    axis.set(xlim=(0.8, 2.12), yticks=[])
    axis.grid(visible=False)


def fig2(job: Job) -> Figure:
    """Histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖."""
    frame, spec = job.table(), job.spec["settings"]
    figure, axes = panels(2, height=2.7, sharey=True)
    _histogram(axes[0], frame, "log10_output_norm", spec)
    _histogram(axes[1], frame, "log10_gradient_norm", spec)
    axes[0].set(xlabel=r"$\|h_L\| \, / \, \|h_0\|$", ylabel="density")
    axes[1].set(xlabel=r"$\|p_0\| \, / \, \|p_L\|$")
    axes[0].set_title("(a) outputs", pad=14)
    axes[1].set_title("(b) gradients", pad=14)
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    text = (
        f"L = {spec['depth']}, d = {spec['width']}, β = {spec['beta']:g}, fresh weights a network"
    )
    sign(figure, job.spec["preset"], text)
    return figure


def _map(axis: Axes, frame: pd.DataFrame, column: str) -> None:
    grid = frame.groupby(["beta", "hurst"])[column].mean().unstack()
    betas, hursts = grid.index.to_numpy(), grid.columns.to_numpy()
    mesh = axis.pcolormesh(
        hursts,
        betas,
        grid.to_numpy().clip(-1, 1),
        vmin=-1,
        vmax=1,
        shading="nearest",
        rasterized=True,
    )
    zero = [zero_crossing(betas, grid[hurst]) for hurst in hursts]
    axis.plot(hursts, zero, color="black", lw=1.2, label="zero, this project")
    axis.plot(
        hursts, [critical_beta(h) for h in hursts], ":", color="black", lw=1.1, label="max(½, H)"
    )
    axis.set(xlabel="Hurst index H")
    axis.grid(visible=False)
    return mesh


def fig7(job: Job) -> Figure:
    """Heat maps of the mean of log10 of both ratios over β and H, with their zero contours."""
    frame, spec = job.table(), job.spec["settings"]
    published = pd.read_csv(job.inputs["published"][0]).pivot(
        index="beta", columns="hurst", values="log10_output_ratio"
    )
    figure, axes = panels(2, height=2.9, sharey=True)
    _map(axes[0], frame, "log10_output_change")
    mesh = _map(axes[1], frame, "log10_gradient_change")
    zero = [zero_crossing(published.index, published[hurst]) for hurst in published.columns]
    axes[0].plot(published.columns, zero, "--", color=COLOURS[2], lw=1.2, label="zero, published")
    axes[0].set(ylabel="β", title=r"(a) outputs, $\log_{10} \|h_L - h_0\|/\|h_0\|$")
    axes[1].set_title(r"(b) gradients, $\log_{10} \|p_0 - p_L\|/\|p_L\|$")
    axes[0].legend(loc="upper left", frameon=True, framealpha=0.9, edgecolor="none")
    bar = figure.colorbar(mesh, ax=axes, extend="both", ticks=[-1, -0.5, 0, 0.5, 1], aspect=30)
    bar.set_label("mean of log10, clipped")
    repeats = spec["draws"] * spec["inputs_per_draw"]
    text = f"L = {spec['depth']}, d = {spec['width']}, {repeats} repeats a point"
    text += f" ({spec['draws']} weight draws)"
    sign(figure, job.spec["preset"], text)
    return figure


FIGURES = {"fig1": fig1, "fig2": fig2, "fig7": fig7}
