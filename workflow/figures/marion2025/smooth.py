"""Change of outputs and gradients against depth, smooth weights (Marion et al. 2025, Figures 4, 5)."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.resnet.smooth_weights_theory import first_order_mean_squares
from figures.marion2025.depth import finish_panels, mean_curve, published_points, theory_curve
from study.job import Job
from study.style import COLOURS, legend_above, panels, sign


def first_order_curve(
    axis: Axes, settings: dict[str, Any], beta: float, column: str, **options: Any
) -> None:
    """Draw the root mean square at first order in α, where that says something (β ≥ 1)."""
    if beta < 1:
        return
    which = int(column == "log10_gradient_change")
    colour = {"color": options.pop("color")} if "color" in options else {}
    theory_curve(
        axis,
        settings["depths"],
        lambda depth: (
            first_order_mean_squares(depth, settings["width"], beta, **options)[which] ** 0.5
        ),
        "r.m.s., first order in α",
        **colour,
    )


def median_curve(axis: Axes, frame: pd.DataFrame, column: str, **line: Any) -> None:
    """Draw the median of 10^column against depth, dotted."""
    median = 10 ** frame.groupby("depth")[column].median()
    axis.plot(median.index, median, ":", lw=1.1, **line)


def _smooth(job: Job, frame: pd.DataFrame, settings: dict[str, Any], column: str) -> Figure:
    betas, depths = settings["betas"], settings["depths"]
    figure, axes = panels(len(betas), height=2.5)
    for axis, beta in zip(axes, betas, strict=True):
        rows = frame[frame["beta"] == beta]
        process = rows[rows["weights"] == "process"]
        mean_curve(axis, process, column, color=COLOURS[0], marker="o", label="mean, 95 % interval")
        if beta < 1:
            median_curve(axis, process, column, color=COLOURS[0], label="median")
        first_order_curve(axis, settings, beta, column)
        if beta in settings["increments_betas"]:
            increments = rows[rows["weights"] == "increments"]
            mean_curve(
                axis, increments, column, color=COLOURS[1], marker="s", label="increments (code)"
            )
        if "published" in job.inputs:
            published_points(axis, job.inputs["published"][0], beta, depths)
    finish_panels(axes, betas, depths, column)
    legend_above(figure, axes, columns=5)
    count = frame.groupby(["weights", "beta", "depth"]).size().min()
    sign(figure, job.spec["preset"], f"{count} networks a point, d = {settings['width']}")
    return figure


def fig4(job: Job) -> Figure:
    """‖h_L − h_0‖/‖h_0‖ against depth for smooth weights, one panel a β."""
    return _smooth(job, job.table(), job.spec["settings"], "log10_output_change")


def fig5(job: Job) -> Figure:
    """‖p_0 − p_L‖/‖p_L‖ against depth for smooth weights, the networks of fig4."""
    settings = job.spec["read_settings"]["fig4"]
    return _smooth(job, job.table("fig4"), settings, "log10_gradient_change")
