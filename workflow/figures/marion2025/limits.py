"""Rates of convergence to the limits at infinite depth (Marion et al. 2025)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepinit.resnet.strong_convergence_theory import limit_correction, mean_square_error
from deepinit.stats.intervals import bootstrap
from study.job import Job
from study.style import COLOURS, depth_axis, line_with_band, panels, sign


def _errors(frame: pd.DataFrame, law: str) -> pd.DataFrame:
    """Return root mean square, its 95 % interval and median of the error against the limit."""
    rows = {}
    for depth, group in frame.groupby("depth"):
        squares = 10 ** (2 * group["log10_error"].to_numpy())
        mean = np.sqrt(np.array(bootstrap(squares, np.mean)))
        correction = limit_correction(depth, int(group["reference"].iloc[0]), law)
        rows[depth] = correction * np.array([*mean, np.sqrt(np.median(squares))])
    return pd.DataFrame.from_dict(rows, orient="index", columns=["rms", "low", "high", "median"])


def _panel(axis: Axes, frame: pd.DataFrame, law: str) -> None:
    for colour, (width, group) in zip(COLOURS, frame.groupby("width"), strict=False):
        curve = _errors(group, law)
        line_with_band(axis, curve.index, curve["rms"], curve["low"], curve["high"], color=colour,
                       marker="o", label=f"d = {width}")  # fmt: skip
        axis.plot(curve.index, curve["median"], ":", color=colour, lw=0.9)
    depth_axis(axis, list(curve.index))
    axis.set_xlim(min(curve.index) / 1.15, max(curve.index) * 1.15)
    axis.set_yscale("log")
    axis.yaxis.set_minor_formatter(lambda value, _: "")
    axis.plot([], [], ":", color="0.3", lw=0.9, label="medians")


def limits(job: Job) -> Figure:
    """Error of networks of depth L: iid weights against the SDE, smooth ones against the ODE."""
    frame, spec = job.table(), job.spec["settings"]
    figure, axes = panels(3, height=2.7)
    independent, smooth = (frame[frame["law"] == law] for law in ("independent", "smooth"))
    fine = np.geomspace(min(spec["depths"]), max(spec["depths"]), 60)
    theory = np.sqrt(mean_square_error(fine))
    _panel(axes[0], independent, "independent")
    axes[0].plot(
        fine,
        theory,
        "--",
        color="black",
        lw=0.9,
        label=r"theory, $d\to\infty$",
    )
    axes[0].set_title("(a) iid weights, β = ½")
    _panel(axes[1], smooth, "smooth")
    last = _errors(smooth, "smooth").iloc[-1]["rms"]
    axes[1].plot(fine, last * fine[-1] / fine, "--", color="black", lw=0.9, label="slope −1")
    axes[1].set_title("(b) smooth weights, α = 1/L")
    axes[0].set_ylabel("root mean square of " + r"$\|h_L - H\| / \|h_0\|$")
    for axis in axes[:2]:
        axis.legend(loc="upper right", fontsize=6)

    for colour, (width, group) in zip(COLOURS, independent.groupby("width"), strict=False):
        curve = _errors(group, "independent")
        scale = np.sqrt(curve.index.to_numpy())
        line_with_band(axes[2], curve.index, *(curve[name] * scale for name in ("rms", "low", "high")),
                       color=colour, marker="o", label=f"iid weights, d = {width}")  # fmt: skip
    axes[2].plot(
        fine, theory * np.sqrt(fine), "--", color="black", lw=0.9, label=r"theory, $d\to\infty$"
    )
    depth_axis(axes[2], spec["depths"])
    axes[2].set(
        ylim=(0, None), ylabel=r"$\sqrt{L}$ × root mean square", title="(c) the constant of (a)"
    )
    axes[2].legend(loc="lower right")
    text = (
        f"{spec['networks']} networks (iid) and {spec['smooth_networks']} (smooth, "
        f"d = {spec['smooth_width']}), limit: L = {spec['reference']} and "
        f"{spec['smooth_reference']}, corrected to infinity"
    )
    sign(figure, job.spec["preset"], text)
    return figure
