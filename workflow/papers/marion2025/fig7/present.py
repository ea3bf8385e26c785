"""Heat maps over β and the Hurst index (Marion et al. 2025, Figure 7)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure as Page

from deepinit.noise.fractional_theory import noise_covariance
from deepinit.resnet.fractional_weights_theory import first_order_contour
from deepinit.resnet.ratios_theory import critical_beta
from papers.marion2025.fig7 import critical_line, measures
from papers.marion2025.fig7.maps import PUBLISHED, pooled, published_of
from papers.marion2025.heat_maps import contours_by_draw, mean_map, zero_contour
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import COLOURS, FULL_WIDTH, footnote, legend_above, line_with_band

figure = Presentation(measures, critical_line)

COLUMNS = tuple(PUBLISHED)
NOISE = {"exact": ("exact noise", "black"), "released": ("released noise", COLOURS[4])}


def _map(axis: Axes, grid: pd.DataFrame) -> QuadMesh:
    """Draw a map, β down and H across, with the critical line of infinite depth."""
    betas, hursts = grid.index.to_numpy(), grid.columns.to_numpy()
    mesh = axis.pcolormesh(hursts, betas, grid, vmin=-1, vmax=1, shading="nearest", rasterized=True)
    critical = [critical_beta(hurst) for hurst in hursts]
    axis.plot(hursts, critical, ":", color="black", lw=1.1, label="max(½, H)")
    axis.set(xlabel="Hurst index H", xlim=(hursts.min(), hursts.max()), xticks=[0.2, 0.5, 0.8])
    axis.grid(visible=False)
    return mesh


def _published_contour(axis: Axes, contour: pd.Series) -> None:
    axis.plot(contour.index, contour, "--", color=COLOURS[2], lw=1.2, label="zero, published")


def _our_map(
    axis: Axes, grid: pd.DataFrame, column: str, published: pd.Series, s: SimpleNamespace
) -> None:
    """Draw our map with its zero contour, the published one and that of theory."""
    _map(axis, grid)
    hursts = grid.columns.to_numpy()
    axis.plot(hursts, zero_contour(grid), color="black", lw=1.2, label="zero, this project")
    _published_contour(axis, published)
    fine = np.linspace(hursts.min(), hursts.max(), 60)
    theory = [
        first_order_contour(noise_covariance(hurst, s.depth), s.width)[column == "gradient"]
        for hurst in fine
    ]
    axis.plot(
        fine, theory, "-.", color=COLOURS[3], lw=0.9, label="zero, theory to first order in α²"
    )


def _differences(axis: Axes, frame: pd.DataFrame, column: str, published: pd.Series) -> None:
    """Draw our zero contour minus the published one, with twice its standard error either way.

    The published contour has as many draws. Variances are means over five neighbouring H.
    """
    for generator, rows in frame.groupby("generator"):
        name, colour = NOISE[generator]
        contours = contours_by_draw(rows, column)
        contours.index = contours.index.to_series().round(4)
        band = 2 * pooled(contours.var(axis=1), contours.shape[1])[0]
        difference = contours.mean(axis=1) - published.reindex(contours.index)
        look = {"color": colour, "lw": 1, "marker": "o", "markersize": 2, "label": name}
        line_with_band(
            axis, contours.index, difference, difference - band, difference + band, **look
        )
    axis.axhline(0, color="0.4", lw=0.6, zorder=0)
    axis.set_xlabel("Hurst index H")


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, data: FigureData, preset: str) -> Page:
    """Heat maps of the mean of log10 of both ratios over β and H, ours beside the published ones.

    Below, by how much our contours differ from the published ones, also with the noise of the released
    code, which these were made with.
    """
    page = plt.figure(figsize=(FULL_WIDTH, 4.6))
    upper, lower = page.add_gridspec(2, 1, height_ratios=[2, 1])
    maps = upper.subgridspec(1, 4).subplots(sharey=True)
    below = lower.subgridspec(1, 2).subplots(sharey=True)
    exact = table[table["generator"] == "exact"]
    for column, pair, compared in zip(COLUMNS, (maps[:2], maps[2:]), below, strict=True):
        theirs = published_of(data, column)
        contour = zero_contour(theirs)
        _our_map(pair[0], mean_map(exact, column), column, contour, s)
        mesh = _map(pair[1], theirs)
        _published_contour(pair[1], contour)
        _differences(compared, table, column, contour)
    titles = [
        f"{column}s,\n{whose}" for column in COLUMNS for whose in ("this project", "published")
    ]
    titles += [f"{column}s, zero contours compared" for column in COLUMNS]
    # Panels (a) and (b) of the paper, each beside the published one, and what is added.
    letters = ("a", "a′", "b", "b′", "c", "d")
    for axis, letter, title in zip([*maps, *below], letters, titles, strict=True):
        axis.set_title(f"({letter}) {title}")
    maps[0].set_ylabel("β")
    below[0].set_ylabel("β, this project\n− published")
    below[0].legend(loc="lower left")
    legend_above(page, maps[:1], columns=4)
    bar = page.colorbar(mesh, ax=maps, extend="both", ticks=[-1, -0.5, 0, 0.5, 1], aspect=20)
    bar.set_label("mean of log10 of the ratio,\nclipped")
    repeats = s.draws * s.inputs_per_draw
    text = f"L = {s.depth}, d = {s.width}, {repeats} repeats per point"
    text += f" ({s.draws} weight draws); (c), (d): ± 2 standard errors"
    footnote(page, preset, text)
    return page
