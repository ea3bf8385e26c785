"""Rates of convergence to the limits at infinite depth (Marion et al. 2025)."""

from itertools import cycle
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.strong_convergence_theory import limit_correction, mean_square_error
from deepinit.stats.intervals import bootstrap
from papers.marion2025.limits import measures
from study.presentation import Presentation
from study.style import COLOURS, count_axis, footnote, line_with_band, log_ticks, panels

figure = Presentation(measures)

DASHED = {"ls": "--", "color": "black", "lw": 0.9}


@figure.summary
def errors(table: pd.DataFrame) -> pd.DataFrame:
    """Root mean square, its 95 % interval and median of the error by law, width and depth."""
    rows = {}
    for (law, width, depth), group in table.groupby(["law", "width", "depth"]):
        squares = 10 ** (2 * group["log10_error"].to_numpy())
        mean = np.sqrt(np.array(bootstrap(squares, np.mean, 0.95)))
        correction = limit_correction(depth, int(group["reference"].iloc[0]), law)
        rows[law, width, depth] = correction * np.array([*mean, np.sqrt(np.median(squares))])
    return pd.DataFrame(rows, ["rms", "low", "high", "median"]).T


def _curves(errors: pd.DataFrame, law: str) -> list[tuple[str, int, pd.DataFrame]]:
    """Return colour, width and the errors by depth of every width of one law."""
    widths = errors.loc[law].index.unique(0)
    return [
        (c, width, errors.loc[law, width]) for c, width in zip(cycle(COLOURS), widths, strict=False)
    ]


def _panel(axis: Axes, errors: pd.DataFrame, law: str) -> None:
    """Draw root mean square and median against depth."""
    for colour, width, curve in _curves(errors, law):
        line_with_band(axis, curve.index, curve["rms"], curve["low"], curve["high"], color=colour,
                       marker="o", label=f"d = {width}")  # fmt: skip
        axis.plot(curve.index, curve["median"], ":", color=colour, lw=0.9)
    count_axis(axis, list(curve.index), "depth L")
    axis.set_xlim(min(curve.index) / 1.15, max(curve.index) * 1.15)
    axis.set_yscale("log")
    log_ticks(axis.yaxis)
    axis.plot([], [], ":", color="0.3", lw=0.9, label="medians")


def _constant(axis: Axes, errors: pd.DataFrame, theory: pd.Series) -> None:
    """Draw √L times the root mean square of iid weights."""
    for colour, width, curve in _curves(errors, "independent"):
        scaled = curve.mul(np.sqrt(curve.index.to_numpy()), axis=0)
        line_with_band(axis, scaled.index, scaled["rms"], scaled["low"], scaled["high"],
                       color=colour, marker="o", label=f"iid weights, d = {width}")  # fmt: skip
    axis.plot(theory * np.sqrt(theory.index), **DASHED, label=r"theory, $d\to\infty$")
    count_axis(axis, list(curve.index), "depth L")
    axis.set(
        ylim=(0, None), ylabel=r"$\sqrt{L}$ × root mean square", title="(c) the constant of (a)"
    )
    axis.legend(loc="lower right")


@figure.draw
def draw(s: SimpleNamespace, errors: pd.DataFrame, preset: str) -> Page:
    """Error of networks of depth L: iid weights against the SDE, smooth ones against the ODE."""
    page, axes = panels(3, height=2.7)
    fine = np.geomspace(min(s.depths), max(s.depths), 60)
    theory = pd.Series(np.sqrt(mean_square_error(fine)), index=fine)
    _panel(axes[0], errors, "independent")
    axes[0].plot(theory, **DASHED, label=r"theory, $d\to\infty$")
    axes[0].set_title("(a) iid weights, β = ½")
    _panel(axes[1], errors, "smooth")
    ((_, _, smooth),) = _curves(errors, "smooth")
    axes[1].plot(fine, smooth["rms"].iloc[-1] * fine[-1] / fine, **DASHED, label="slope −1")
    axes[1].set_title("(b) smooth weights, α = 1/L")
    axes[0].set_ylabel("root mean square of " + r"$\|h_L - H\| / \|h_0\|$")
    for axis in axes[:2]:
        axis.legend(loc="upper right", fontsize=6)
    _constant(axes[2], errors, theory)
    text = (
        f"{s.networks} networks (iid) and {s.smooth_networks} (smooth, "
        f"d = {s.smooth_width}), limit: L = {s.reference} and "
        f"{s.smooth_reference}, corrected to infinity; bands: 95 % intervals"
    )
    footnote(page, preset, text)
    return page
