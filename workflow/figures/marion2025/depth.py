"""Change of outputs and gradients against depth (Marion et al. 2025, Figure 1)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from deepinit.statistics import log10_mean_interval
from deepinit.theory.residual import mean_squared_change_bounds
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
