"""Heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.statistics import zero_crossing
from deepinit.theory.residual import critical_beta
from figures.parts import COLOURS, panels, sign
from pipeline.job import Job


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
