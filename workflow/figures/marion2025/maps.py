"""Heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from deepinit.statistics import zero_crossing
from deepinit.theory.fractional_noise import generated_covariance
from deepinit.theory.fractional_residual import first_order_contour
from deepinit.theory.residual import critical_beta
from figures.parts import COLOURS, panels, sign
from pipeline.job import Job


def mean_map(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the mean of log10 of a ratio ("output" or "gradient"), β down, H across."""
    return frame.groupby(["beta", "hurst"])[f"log10_{column}_change"].mean().unstack()


def zero_contour(grid: pd.DataFrame) -> pd.Series:
    """Return the β at which a map, β down and H across, is zero, by H."""
    return pd.Series({hurst: zero_crossing(grid.index, grid[hurst]) for hurst in grid})


def _map(axis: Axes, frame: pd.DataFrame, column: str, spec: dict) -> QuadMesh:
    """Draw the map of one generator, its zero contour and the contour to first order."""
    grid = mean_map(frame, column)
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
    axis.plot(hursts, zero_contour(grid), color="black", lw=1.2, label="zero, this project")
    generator = frame["generator"].iloc[0]
    fine = np.linspace(hursts.min(), hursts.max(), 60)
    theory = [
        first_order_contour(generated_covariance(hurst, spec["depth"], generator), spec["width"])
        for hurst in fine
    ]
    axis.plot(fine, [pair[column == "gradient"] for pair in theory], "-.", color=COLOURS[3],
              lw=0.9, label="zero, theory to first order in α²")  # fmt: skip
    axis.plot(
        hursts, [critical_beta(h) for h in hursts], ":", color="black", lw=1.1, label="max(½, H)"
    )
    axis.set(xlabel="Hurst index H", xlim=(hursts.min(), hursts.max()))
    axis.grid(visible=False)
    return mesh


def fig7(job: Job) -> Figure:
    """Heat maps of the mean of log10 of both ratios over β and H, with their zero contours.

    Last: outputs with the noise of the released code, which the published map was made with.
    """
    frame, spec = job.table(), job.spec["settings"]
    published = pd.read_csv(job.inputs["published"][0]).pivot(
        index="beta", columns="hurst", values="log10_output_ratio"
    )
    exact, released = (frame[frame["generator"] == name] for name in ("exact", "released"))
    span = max(spec["hursts"]["stop"] - spec["hursts"]["start"], 1e-9)
    share = np.ptp(released["hurst"]) / span if len(released) else 0
    shares = [1, 1, max(share, 0.3)] if share else [1, 1]
    figure, axes = panels(len(shares), height=3.2, sharey=True, width_ratios=shares)
    _map(axes[0], exact, "output", spec)
    mesh = _map(axes[1], exact, "gradient", spec)
    if share:
        _map(axes[2], released, "output", spec)
        axes[2].set_title("(c) outputs,\nreleased noise")
    zero = zero_contour(published)
    for axis in (axes[0], *axes[2:]):
        axis.plot(published.columns, zero, "--", color=COLOURS[2], lw=1.2, label="zero, published")
    axes[0].set_ylabel("β")
    axes[0].set_title("(a) outputs,\n" + r"$\log_{10} \|h_L - h_0\|/\|h_0\|$")
    axes[1].set_title("(b) gradients,\n" + r"$\log_{10} \|p_0 - p_L\|/\|p_L\|$")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    bar = figure.colorbar(mesh, ax=axes, extend="both", ticks=[-1, -0.5, 0, 0.5, 1], aspect=30)
    bar.set_label("mean of log10, clipped")
    repeats = spec["draws"] * spec["inputs_per_draw"]
    text = f"L = {spec['depth']}, d = {spec['width']}, {repeats} repeats a point"
    text += f" ({spec['draws']} weight draws)"
    sign(figure, job.spec["preset"], text)
    return figure
