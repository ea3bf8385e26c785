"""Coverage and looseness of the bounds in probability (Marion et al. 2025)."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from deepinit.resnet.bounds import change_bounds, markov_bound, norm_bounds
from deepinit.resnet.ratios_theory import mean_squared_change_bounds, scaling_factor
from deepinit.stats.intervals import fraction_interval, mean_interval
from figures.marion2025.depth import fine_depths
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, depth_axis, sign

_DELTAS = np.geomspace(0.01, 0.99, 25)
_STYLES = ["-", "--", "-.", ":"]
_SHOWN = 0.1


def _squared(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return the squared ratio; networks that have not moved have a change of zero."""
    return 10 ** (2 * frame[column].fillna(-np.inf).to_numpy())


def _rate(axis: Axes, exceptions: NDArray[np.bool_], **line: object) -> None:
    """Draw the fraction of exceptions against δ with its 95 % interval, where there are any."""
    counts = exceptions.sum(axis=0)
    some = counts > 0
    rows = np.array([fraction_interval(int(count), len(exceptions)) for count in counts])
    (drawn,) = axis.plot(_DELTAS[some], rows[some, 0], **line)
    axis.fill_between(_DELTAS[some], rows[some, 1], rows[some, 2], color=drawn.get_color(),
                      alpha=0.2, lw=0)  # fmt: skip


def _delta_axis(axis: Axes, title: str, label: str) -> None:
    axis.set(
        xscale="log", yscale="log", xlabel="δ", xlim=(_DELTAS[0], 1), title=title, ylabel=label
    )


def _means(axis: Axes, frame: pd.DataFrame, betas: list[float], depths: list[int]) -> None:
    """Draw the mean squared change and its two bounds against depth."""
    fine = fine_depths(depths)
    for style, beta in zip(_STYLES, betas, strict=False):
        ends = np.array([mean_squared_change_bounds(depth, beta) for depth in fine])
        axis.fill_between(fine, ends[:, 0], ends[:, 1], color="0.5", alpha=0.2, lw=0)
        axis.plot(fine, ends, color="0.4", lw=0.8, ls=style)
    for (width, _), rows in frame.groupby(["width", "beta"]):
        shift = sorted(frame["width"].unique()).index(width)
        found = pd.DataFrame.from_dict(
            {
                depth: mean_interval(_squared(group, "log10_output_change"))
                for depth, group in rows.groupby("depth")
            },
            orient="index",
            columns=["value", "low", "high"],
        )
        errors = [found["value"] - found["low"], found["high"] - found["value"]]
        axis.errorbar(found.index * 1.15 ** (shift - 1), found["value"], errors,
                      color=COLOURS[shift], marker="o", ms=2.5, ls="none", elinewidth=0.8)  # fmt: skip
    depth_axis(axis, depths)
    axis.set(
        yscale="log", title="(c) mean and its two bounds", ylabel=r"$E\,\|h_L-h_0\|^2/\|h_0\|^2$"
    )


def _looseness(axis: Axes, frame: pd.DataFrame, widths: list[int], depths: list[int]) -> None:
    """Draw upper bounds over the quantiles that they bound, β = ½, against depth."""
    for colour, width in zip(COLOURS, widths, strict=False):
        rows = frame[(frame["width"] == width) & (frame["beta"] == 0.5)].groupby("depth")
        for style, (bound, probability) in zip(
            _STYLES,
            (
                (float(markov_bound(1, 0.5, _SHOWN)), 1 - _SHOWN),
                (float(change_bounds(width, _SHOWN)[1]), 1 - _SHOWN / 2),
            ),
            strict=False,
        ):
            ratio = {
                depth: bound / np.quantile(_squared(group, "log10_output_change"), probability)
                for depth, group in rows
            }
            line = {"color": colour, "ls": style, "marker": "o", "ms": 2.5, "lw": 0.9}
            axis.plot(list(ratio), list(ratio.values()), **line)
    axis.plot([], [], color="0.3", lw=0.9, ls="-", label="2/δ")
    axis.plot([], [], color="0.3", lw=0.9, ls="--", label="theorem, β = ½")
    axis.axhline(1, color="black", lw=1)
    axis.legend(fontsize=6, loc=(0.35, 0.12))
    depth_axis(axis, depths)
    axis.set(yscale="log", title=f"(f) looseness, δ = {_SHOWN}", ylabel="upper bound / quantile")


def bounds(job: Job) -> Figure:
    """Markov's bound, the bounds on the mean and those of the theorem at β = ½, against the law."""
    frame, spec = job.table(), job.spec["settings"]
    frame = frame[frame["sampler"] == "lengths"]
    betas, widths, depths = spec["betas"], sorted(spec["widths"]), sorted(spec["depths"])
    deepest = depths[-1]
    figure, ((quantile, above, mean), (theorem, outside, loose)) = plt.subplots(
        2, 3, figsize=(FULL_WIDTH, 4.9)
    )
    quantile.plot(_DELTAS, 2 / _DELTAS, color="black", lw=1)
    for style, beta in zip(_STYLES, betas, strict=False):
        quantile.plot([], [], color="0.3", lw=0.9, ls=style, label=f"β = {beta:g}")
        for colour, width in zip(COLOURS, widths, strict=False):
            rows = frame[(frame["beta"] == beta) & (frame["width"] == width)]
            change = _squared(rows[rows["depth"] == deepest], "log10_output_change")
            line = {"color": colour, "ls": style, "lw": 0.9}
            budget = deepest * scaling_factor(deepest, beta) ** 2
            quantile.plot(_DELTAS, np.quantile(change, 1 - _DELTAS) / budget, **line)
            _rate(above, change[:, None] > markov_bound(deepest, beta, _DELTAS), **line)
    quantile.text(0.012, 18, "bound 2/δ", fontsize=6)
    quantile.legend(fontsize=6, loc="upper right")
    _delta_axis(quantile, "(a) quantile 1 − δ, bound", r"$\|h_L-h_0\|^2/(\|h_0\|^2 L\alpha^2)$")
    _delta_axis(above, "(b) bound of (a) exceeded", "fraction of networks")

    _means(mean, frame, betas, depths)

    for colour, width in zip(COLOURS, widths, strict=False):
        rows = frame[(frame["beta"] == 0.5) & (frame["width"] == width)]
        rows = rows[rows["depth"] == deepest]
        low, high = change_bounds(width, _DELTAS)
        theorem.plot(_DELTAS, high, color=colour, lw=0.9, ls="--")
        theorem.plot(_DELTAS, np.where(low > 0, low, np.nan), color=colour, lw=0.9, ls="--")
        if rows.empty:
            continue
        change = _squared(rows, "log10_output_change")[:, None]
        norm = _squared(rows, "log10_output_norm")[:, None]
        for probability in (1 - _DELTAS / 2, _DELTAS / 2):
            theorem.plot(_DELTAS, np.quantile(change, probability), color=colour, lw=0.9)
        _rate(outside, (change <= low) | (change >= high), color=colour, lw=0.9)
        low, high = norm_bounds(width, _DELTAS)
        _rate(outside, (norm <= low) | (norm >= high), color=colour, lw=0.9, ls="--")
    theorem.plot([], [], color="0.3", lw=0.9, label="quantiles")
    theorem.plot([], [], color="0.3", lw=0.9, ls="--", label="bounds")
    theorem.legend(fontsize=6, loc="upper right")
    _delta_axis(theorem, "(d) quantiles δ/2, 1 − δ/2; β = ½", r"$\|h_L-h_0\|^2/\|h_0\|^2$")
    theorem.set_ylim(0.02, 300)
    outside.plot([], [], color="0.3", lw=0.9, label="theorem")
    outside.plot([], [], color="0.3", lw=0.9, ls="--", label="as drawn in figure 2")
    _delta_axis(outside, "(e) outside the bounds, β = ½", "fraction of networks")
    detectable = fraction_interval(0, spec["networks"]).high
    for axis in (above, outside):
        (allowed,) = axis.plot(_DELTAS, _DELTAS, color="black", lw=1)
        unseen = axis.axhline(detectable, color="0.5", lw=0.8, ls=":")
        axis.set_ylim(0.2 / spec["networks"], 20)
    # In both panels the same.
    lines = ["δ, the most allowed", "95 % limit where none is seen"]
    above.legend([allowed, unseen], lines, fontsize=6, loc="upper left")
    outside.legend(fontsize=6, loc="upper left")
    _looseness(loose, frame, widths, depths)

    handles = [
        plt.Line2D([], [], color=colour, label=f"d = {width}")
        for colour, width in zip(COLOURS, widths, strict=False)
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(widths))
    text = (
        f"Gaussian weights, {spec['networks']} networks a point; (a), (b), (d), (e): L = {deepest}"
    )
    sign(figure, job.spec["preset"], text)
    return figure
