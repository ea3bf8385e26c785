"""Heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure as Page

from deepinit.noise.fractional_theory import generated_covariance
from deepinit.resnet.fractional_weights_theory import first_order_contour
from deepinit.resnet.heat_maps import contours_by_draw, mean_map, published_map, zero_contour
from deepinit.resnet.ratios_theory import critical_beta
from papers.marion2025.fig7 import measures
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, line_with_band, sign

figure = Presentation(measures)

COLUMNS = tuple(measures.PUBLISHED)
NOISE = {"exact": ("exact noise", "black"), "released": ("released noise", COLOURS[4])}


def _map(
    axis: Axes, frame: pd.DataFrame, column: str, published: pd.Series, s: SimpleNamespace
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
        first_order_contour(generated_covariance(hurst, s.depth, generator), s.width)
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


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, published: dict[str, pd.DataFrame], preset: str
) -> Page:
    """Heat maps of the mean of log10 of both ratios over β and H, with their zero contours.

    To the right with the noise of the released code, which the published maps were made with; below,
    by how much our contours differ from the published ones.
    """
    contours = {
        column: zero_contour(published_map(published[stem], column))
        for column, stem in measures.PUBLISHED.items()
    }
    several = table.loc[table["generator"] == "released", "hurst"].nunique() > 1
    generators = ["exact", "released"] if several else ["exact"]
    page = plt.figure(figsize=(FULL_WIDTH, 4.8))
    upper, lower = page.add_gridspec(2, 1, height_ratios=[2.2, 1])
    shares = [1, 1, 0.45, 0.45][: 2 * len(generators)]
    maps = upper.subgridspec(1, len(shares), width_ratios=shares).subplots(sharey=True)
    places = [(generator, column) for generator in generators for column in COLUMNS]
    for axis, letter, (generator, column) in zip(maps, "abcd", places, strict=False):
        rows = table[table["generator"] == generator]
        mesh = _map(axis, rows, column, contours[column], s)
        axis.set_title(f"({letter}) {column}s,\n{NOISE[generator][0]}")
    maps[0].set_ylabel("β")
    page.legend(*maps[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    bar = page.colorbar(mesh, ax=maps, extend="both", ticks=[-1, -0.5, 0, 0.5, 1], aspect=25)
    bar.set_label("mean of log10 of the ratio,\nclipped")
    below = lower.subgridspec(1, 2).subplots(sharey=True)
    for axis, letter, column in zip(below, "ef", COLUMNS, strict=True):
        _differences(axis, table, column, contours[column])
        axis.set_title(f"({letter}) {column}s, zero contours compared")
    below[0].set_ylabel("β, this project\n− published")
    below[0].legend(loc="lower left")
    repeats = s.draws * s.inputs_per_draw
    text = f"L = {s.depth}, d = {s.width}, {repeats} repeats a point"
    text += f" ({s.draws} weight draws)"
    sign(page, preset, text)
    return page
