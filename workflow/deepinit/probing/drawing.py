"""The figure of a report. Needs matplotlib, and uses no global state but its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepinit.probing.advice import INDISTINGUISHABLE
from deepinit.probing.questions import LOG10_ROUNDING, gradient_norms, shares
from deepinit.probing.residual import LIMIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepinit.probing.report import Report

#: Blue, green, purple and orange that the colour-blind can tell apart, of the panels in their order.
_BLUE, _GREEN, _PURPLE, _ORANGE = "#0173b2", "#029e73", "#cc78bc", "#d55e00"
_LINES = 30


def drawn(report: Report) -> Figure:
    """Return the figure: one thin line a network, the median thick, theory dashed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.8, 4.3), layout="constrained")
    axes = figure.subplots(2, 2)
    for axis, panel in zip(axes.flat, (_lengths, _differences, _gradients, _last), strict=True):
        panel(axis, report)
    return figure


def _title(axis: Axes, report: Report, key: str, words: str) -> None:
    answers = {finding.key: finding.answer for finding in report.findings}
    axis.set_title(f"{words}: {answers.get(key, 'not asked')}", loc="left")


def _networks(axis: Axes, x: NDArray, values: NDArray, colour: str) -> None:
    """Draw each network, some of them if they are many, and the median."""
    values = np.where(np.isfinite(values), values, np.nan)
    for row in values[:_LINES]:
        axis.plot(x, row, color=colour, alpha=0.25, linewidth=0.5)
    alive = np.isfinite(values).any(axis=0)
    middle = np.nanmedian(values[:, alive], axis=0)
    axis.plot(x[alive], middle, color=colour, linewidth=1.6, label="median network")


def _theory(axis: Axes, x: NDArray, values: NDArray, words: str, style: str = "--") -> None:
    axis.plot(x, values, style, color="black", linewidth=1, label=words)


def _finish(axis: Axes, along: str, what: str) -> None:
    axis.set_xlabel(along)
    axis.set_ylabel(what)
    low, high = axis.get_ylim()
    if high - low < 0.5:
        axis.set_ylim((low + high) / 2 - 0.25, (low + high) / 2 + 0.25)
    axis.legend(frameon=False, fontsize="small")


def _empty(axis: Axes, words: str) -> None:
    axis.text(0.5, 0.5, words, transform=axis.transAxes, ha="center", va="center", color="0.4")
    axis.set_axis_off()


def _along(report: Report) -> str:
    return "branch" if report.measured.structure.is_residual else "layer"


def _lengths(axis: Axes, report: Report) -> None:
    _title(axis, report, "lengths", "(a) activations keep their size")
    measured, theory = report.measured, report.theory
    values = measured.at(measured.structure.lengths, "mean_square")
    if values.shape[1] < 2:
        return _empty(axis, "only one layer")
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(values / values[:, :1])
    x = np.arange(values.shape[1])
    _networks(axis, x, logs, _BLUE)
    if theory.log_lengths is not None:
        _theory(axis, x, theory.log_lengths / np.log(10), "theory, mean")
    if theory.relu is not None:
        _theory(axis, x, theory.relu.mean / np.log(10), "theory, typical", ":")
    if len(measured.structure.stream) == len(x) - 1:
        growth = np.log10(1 + (measured.branches**2).mean(axis=0)).cumsum()
        _theory(axis, x, np.concatenate([[0], growth]), "independent branches")
    _finish(axis, _along(report), r"$\log_{10}\,M_l/M_0$")


def _above_rounding(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(logs > LOG10_ROUNDING, logs, np.nan)


def _differences(axis: Axes, report: Report) -> None:
    _title(axis, report, "differences", "(b) inputs still differ")
    if report.measured.samples < 2 or not report.measured.structure.preactivations:
        return _empty(axis, "only one input")
    logs, theory = shares(report.measured), report.theory.correlations
    x = np.arange(1, logs.shape[1] + 1) - (_along(report) == "branch")
    _networks(axis, x, _above_rounding(logs), _GREEN)
    if theory is not None:
        with np.errstate(divide="ignore"):
            _theory(axis, x, _above_rounding(np.log10(1 - theory)), "infinite width")
    limit = f"limit, {INDISTINGUISHABLE:g}"
    axis.axhline(np.log10(INDISTINGUISHABLE), color="0.5", linewidth=0.8, label=limit)
    axis.set_xlim(x[0] - 1, x[-1] + 1)
    _finish(axis, _along(report), r"$\log_{10}\,v^2/(m^2+v^2)$")


def _gradients(axis: Axes, report: Report) -> None:
    _title(axis, report, "gradients", "(c) gradients arrive")
    x, squares = gradient_norms(report.measured)
    if len(x) < 2:
        return _empty(axis, "no gradients")
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(squares / squares[:, :1]) / 2
    _networks(axis, x, logs, _PURPLE)
    if (growth := report.theory.gradient_growth) is not None:
        _theory(axis, x, np.log10(growth) * (x[0] - x), "theory")
    _finish(axis, _along(report), r"$\log_{10}\,\Vert\delta_l\Vert/\Vert\delta_{\rm last}\Vert$")


def _last(axis: Axes, report: Report) -> None:
    measured = report.measured
    if measured.structure.additions:
        questions = [finding.question for finding in report.findings]
        words = (
            "limit of many layers non-trivial"
            if LIMIT in questions
            else "the stream changes moderately"
        )
        _title(axis, report, "residual", f"(d) {words}")
        with np.errstate(divide="ignore"):
            logs = np.log10(measured.branches)
        x = np.arange(1, logs.shape[1] + 1)
        _networks(axis, x, logs, _ORANGE)
        _theory(axis, x, np.full(len(x), -np.log10(len(x)) / 2), r"$1/\sqrt{L}$")
        return _finish(axis, "branch", r"$\log_{10}$ branch / stream")
    _title(axis, report, "alive", "(d) all layers alive")
    places = [
        n for n, layer in enumerate(measured.layers) if layer.kind in ("linear", "convolution")
    ]
    off = measured.values["inputs"]["off"][:, places[1:]]
    if not off.size:
        return _empty(axis, "no units")
    _networks(axis, np.arange(1, off.shape[1] + 1), off, _ORANGE)
    axis.set_ylim(-0.02, 1.02)
    return _finish(axis, "layer", "share of units off")
