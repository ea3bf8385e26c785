"""The weight inside the activation, as captioned, beside res-3 (Marion et al. 2025, Figures 10–14)."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from deepinit.resnet.single_weight_theory import log_mean_squared_change
from figures.marion2025.depth import finish_panels, mean_curve, published_points, theory_curve
from figures.marion2025.smooth import first_order_curve
from study.job import Job
from study.style import COLOURS, legend_above, panels, power_of_ten, sign

_OTHERS = {"leaky": "leaky ReLU 0.8", "identity": "identity", "tanh": "tanh"}
CAPTIONED = r"as captioned, $h + \alpha\,\mathrm{ReLU}(Wh)$"
RES_3 = r"res-3, $h + \alpha\,V\,\mathrm{ReLU}(Wh)$"


def _pair(axis: Axes, captioned: pd.DataFrame, res_3: pd.DataFrame, column: str) -> None:
    mean_curve(axis, captioned, column, color=COLOURS[3], marker="s", label=CAPTIONED)
    if len(res_3):
        mean_curve(axis, res_3, column, color=COLOURS[0], marker="o", label=RES_3)


def _sign(job: Job, figure: Figure, frame: pd.DataFrame, settings: dict[str, Any]) -> None:
    count = frame.groupby(["activation", "beta", "depth"]).size().min()
    sign(figure, job.spec["preset"], f"{count} networks a point, d = {settings['width']}")


def _independent(
    job: Job, frame: pd.DataFrame, res_3: pd.DataFrame, settings: dict[str, Any], column: str
) -> Figure:
    betas, depths = settings["betas"], settings["depths"]
    figure, axes = panels(len(betas), height=2.9)
    for axis, beta in zip(axes, betas, strict=True):
        rows = frame[frame["beta"] == beta]
        for colour, (activation, label) in zip((4, 2, 1), _OTHERS.items(), strict=True):
            other = rows[rows["activation"] == activation]
            if len(other):
                mean_curve(axis, other, column, color=COLOURS[colour], lw=0.7, label=label)
        _pair(
            axis, rows[rows["activation"] == "relu"], res_3[res_3["beta"] == beta], column
        )  # fmt: skip
        if column == "log10_output_change":
            theory_curve(
                axis, depths,
                lambda depth, beta=beta: float(np.exp(log_mean_squared_change(depth, beta, 0) / 2)),
                "as captioned, infinite width", color=COLOURS[3],
            )  # fmt: skip
        if "published" in job.inputs:
            published_points(axis, job.inputs["published"][0], beta, depths)
    finish_panels(axes, betas, depths, column)
    legend_above(figure, axes, columns=3)
    _sign(job, figure, frame, settings)
    return figure


def fig10(job: Job) -> Figure:
    """‖h_L − h_0‖/‖h_0‖ against depth, iid weights: as captioned, other activations, res-3."""
    return _independent(
        job, job.table(), job.table("fig1"), job.spec["settings"], "log10_output_change"
    )


def fig12(job: Job) -> Figure:
    """‖p_0 − p_L‖/‖p_L‖ against depth, the networks of fig10 and fig1."""
    settings = job.spec["read_settings"]["fig10"]
    tables = job.table("fig10"), job.table("fig1")
    return _independent(job, *tables, settings, "log10_gradient_change")


def _smooth(
    job: Job, frame: pd.DataFrame, res_3: pd.DataFrame, settings: dict[str, Any], column: str
) -> Figure:
    betas, depths = settings["betas"], settings["depths"]
    figure, axes = panels(len(betas), height=2.7)
    process = res_3[res_3["weights"] == "process"]
    for axis, beta in zip(axes, betas, strict=True):
        _pair(axis, frame[frame["beta"] == beta], process[process["beta"] == beta], column)
        first_order_curve(axis, settings, beta, column, inside=True, color=COLOURS[3])
        first_order_curve(axis, settings, beta, column, color=COLOURS[0])
    finish_panels(axes, betas, depths, column)
    legend_above(figure, axes, columns=3)
    _sign(job, figure, frame, settings)
    return figure


def fig13(job: Job) -> Figure:
    """‖h_L − h_0‖/‖h_0‖ against depth, smooth weights: as captioned and res-3."""
    return _smooth(job, job.table(), job.table("fig4"), job.spec["settings"], "log10_output_change")


def fig14(job: Job) -> Figure:
    """‖p_0 − p_L‖/‖p_L‖ against depth, the networks of fig13 and fig4."""
    settings = job.spec["read_settings"]["fig13"]
    tables = job.table("fig13"), job.table("fig4")
    return _smooth(job, *tables, settings, "log10_gradient_change")


def fig11(job: Job) -> Figure:
    """Histograms of log10 ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖: as captioned and res-3."""
    captioned, res_3, settings = job.table(), job.table("fig2"), job.spec["settings"]
    figure, axes = panels(2, height=2.5, sharey=True)
    for axis, name, title in zip(
        axes, ("output", "gradient"), ("(a) outputs", "(b) gradients"), strict=True
    ):
        column = f"log10_{name}_norm"
        samples = {
            (CAPTIONED, COLOURS[3]): captioned[captioned["sampler"] == "reduced"][column],
            (RES_3, COLOURS[0]): res_3[res_3["sampler"] == "reduced"][column],
        }
        low = min(values.min() for values in samples.values())
        high = max(values.max() for values in samples.values())
        bins = np.linspace(np.floor(2 * low) / 2, np.ceil(2 * high) / 2, 90)
        for (label, colour), values in samples.items():
            shares = np.full(len(values), 1 / len(values))
            axis.hist(values, bins, weights=shares, color=colour, alpha=0.5, lw=0, label=label)
            axis.axvline(values.median(), color=colour, lw=0.9, ls="--")
        drawn = captioned[captioned["sampler"] == "explicit"][column]
        axis.hist(drawn, bins[::2], weights=np.full(len(drawn), 0.5 / len(drawn)), histtype="step",
                  color="black", lw=0.8, label="as captioned, uniform weights")  # fmt: skip
        axis.plot([], [], "--", color="0.4", lw=0.9, label="median")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axis.xaxis.set_major_formatter(power_of_ten)
        axis.set_title(title)
    axes[0].set(xlabel=r"$\|h_L\| \, / \, \|h_0\|$", ylabel="share of networks a bin", yscale="log")
    axes[1].set(xlabel=r"$\|p_0\| \, / \, \|p_L\|$")
    legend_above(figure, axes, columns=2)
    reduced, drawn = captioned["sampler"].value_counts()[["reduced", "explicit"]]
    compared = (res_3["sampler"] == "reduced").sum()
    counts = f"{reduced} + {drawn} networks as captioned, {compared} of res-3"
    text = f"L = {settings['depth']}, d = {settings['width']}, β = {settings['beta']:g}, {counts}"
    sign(figure, job.spec["preset"], text)
    return figure
