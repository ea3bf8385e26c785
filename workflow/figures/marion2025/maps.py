"""Heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from deepinit.noise.fractional_theory import generated_covariance
from deepinit.resnet.fractional_weights_theory import first_order_contour
from deepinit.resnet.heat_maps import contours_by_draw, mean_map, published_map, zero_contour
from deepinit.resnet.ratios_theory import critical_beta
from figures.parts import COLOURS, FULL_WIDTH, line_with_band, sign
from pipeline.job import Job

COLUMNS = ("output", "gradient")
NOISE = {"exact": ("exact noise", "black"), "released": ("released noise", COLOURS[4])}


def _map(
    axis: Axes, frame: pd.DataFrame, column: str, published: pd.Series, spec: dict
) -> QuadMesh:
    """Draw the map of one generator with its zero contour, the published one and that of theory."""
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
    axis.plot(published.index, published, "--", color=COLOURS[2], lw=1.2, label="zero, published")
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


def _differences(axis: Axes, frame: pd.DataFrame, column: str, published: pd.Series) -> None:
    """Draw our zero contour minus the published one, with twice its standard error either way.

    The published contour has as many draws. Variances are means over five neighbouring H.
    """
    for generator, rows in frame.groupby("generator"):
        name, colour = NOISE[generator]
        contours = contours_by_draw(rows, column)
        contours.index = contours.index.to_series().round(4)
        variance = contours.var(axis=1).rolling(5, center=True, min_periods=1).mean()
        band = 2 * np.sqrt(2 * variance / contours.shape[1])
        difference = contours.mean(axis=1) - published.reindex(contours.index)
        look = {"color": colour, "lw": 1, "marker": "o", "markersize": 2, "label": name}
        line_with_band(
            axis, contours.index, difference, difference - band, difference + band, **look
        )
    axis.axhline(0, color="0.4", lw=0.6, zorder=0)
    axis.set_xlabel("Hurst index H")


def fig7(job: Job) -> Figure:
    """Heat maps of the mean of log10 of both ratios over β and H, with their zero contours.

    To the right with the noise of the released code, which the published maps were made with; below,
    by how much our contours differ from the published ones.
    """
    frame, spec = job.table(), job.spec["settings"]
    files = {Path(file).stem: pd.read_csv(file) for file in job.inputs["published"]}
    stems = ("marion2025_fig7a_output", "marion2025_fig7b_gradient")
    published = {
        column: zero_contour(published_map(files[stem], column))
        for column, stem in zip(COLUMNS, stems, strict=True)
    }
    several = frame.loc[frame["generator"] == "released", "hurst"].nunique() > 1
    generators = ["exact", "released"] if several else ["exact"]
    figure = plt.figure(figsize=(FULL_WIDTH, 4.8))
    upper, lower = figure.add_gridspec(2, 1, height_ratios=[2.2, 1])
    shares = [1, 1, 0.45, 0.45][: 2 * len(generators)]
    maps = upper.subgridspec(1, len(shares), width_ratios=shares).subplots(sharey=True)
    places = [(generator, column) for generator in generators for column in COLUMNS]
    for axis, letter, (generator, column) in zip(maps, "abcd", places, strict=False):
        rows = frame[frame["generator"] == generator]
        mesh = _map(axis, rows, column, published[column], spec)
        axis.set_title(f"({letter}) {column}s,\n{NOISE[generator][0]}")
    maps[0].set_ylabel("β")
    figure.legend(*maps[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    bar = figure.colorbar(mesh, ax=maps, extend="both", ticks=[-1, -0.5, 0, 0.5, 1], aspect=25)
    bar.set_label("mean of log10 of the ratio,\nclipped")
    below = lower.subgridspec(1, 2).subplots(sharey=True)
    for axis, letter, column in zip(below, "ef", COLUMNS, strict=True):
        _differences(axis, frame, column, published[column])
        axis.set_title(f"({letter}) {column}s, zero contours compared")
    below[0].set_ylabel("β, this project\n− published")
    below[0].legend(loc="lower left")
    repeats = spec["draws"] * spec["inputs_per_draw"]
    text = f"L = {spec['depth']}, d = {spec['width']}, {repeats} repeats a point"
    text += f" ({spec['draws']} weight draws)"
    sign(figure, job.spec["preset"], text)
    return figure
