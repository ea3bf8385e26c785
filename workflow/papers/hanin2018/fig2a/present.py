"""Length in residual networks with scaled modules (Hanin & Rolnick 2018, Figure 2a)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from scipy import special

from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_upper_bound,
    log_upper_bound_relu,
    module_scales,
)
from deepinit.stats.intervals import Estimate, bootstrap, log10_mean_interval, mean_interval
from papers.hanin2018.looks import ENDINGS, looks_of_scales
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import FULL_WIDTH, panels, power_of_ten, sign
from study.verdicts import LEVEL, Measurement, NotTested

figure = Presentation()

# Where scaled modules level off; unscaled ones leave the panel.
_TOP = 8
_FEWEST_POPULATIONS = 10
Means = dict[tuple[str, float], pd.DataFrame]


@figure.summary
def means(table: pd.DataFrame) -> Means:
    """Return (ending, base) ↦ log10 of the mean, low and high, by number of modules.

    From the populations.
    """
    curves = {}
    for kind, rows in table[table["sampler"] == "population"].groupby(["ending", "base"]):
        logs = rows.groupby("modules")["log10_length"]
        found = {modules: log10_mean_interval(group) for modules, group in logs}
        curves[kind] = pd.DataFrame.from_dict(
            found, orient="index", columns=["mean", "low", "high"]
        )
    return curves


def _bounds(axis: Axes, base: float, modules: int, ending: str, hidden: int, colour) -> None:
    scales = module_scales(base, modules)
    x = np.arange(modules + 1)
    lower = np.r_[0, log_mean_growth_linear(scales)] / np.log(10)
    if ending == "linear":
        axis.plot(x, lower, color=colour, lw=0.9)
        return
    upper = np.r_[0, log_upper_bound(scales)] / np.log(10)
    sharper = np.r_[0, log_upper_bound_relu(scales, hidden)] / np.log(10)
    axis.fill_between(x, lower, upper, color=colour, alpha=0.1, lw=0)
    axis.plot(x, sharper, color=colour, lw=0.7, ls=":")


def _lengths(
    axis: Axes, table: pd.DataFrame, means: Means, ending: str, s: SimpleNamespace
) -> None:
    for base, look in looks_of_scales(s.bases).items():
        curve, colour = means[ending, base], look["color"]
        _bounds(axis, base, int(curve.index.max()), ending, s.hidden, colour)
        error = [curve["mean"] - curve["low"], curve["high"] - curve["mean"]]
        axis.errorbar(curve.index, curve["mean"], error, ls="none", lw=0.8, ms=2.6, **look)
        rows = table[(table["ending"] == ending) & (table["base"] == base)]
        networks = rows[rows["sampler"] == "network"].groupby("modules")["log10_length"]
        axis.plot(networks.median(), color=colour, lw=0.8, ls="--")
    axis.set(xlabel="residual modules L", ylim=(-0.3, _TOP))
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.yaxis.set_major_formatter(power_of_ten)


def _against_sum(axis: Axes, means: Means, s: SimpleNamespace) -> None:
    for base, look in looks_of_scales(s.bases).items():
        for ending, face in (("relu", look["color"]), ("linear", "none")):
            if (ending, base) in means:
                curve = means[ending, base]
                total = np.cumsum(module_scales(base, int(curve.index.max())))[curve.index - 1]
                axis.plot(total, curve["mean"] * np.log(10), ls="none", ms=2.6, color=look["color"],
                          markerfacecolor=face, marker=look["marker"])  # fmt: skip
    reach = np.array([0, 12])
    axis.plot(reach, reach, "k:", lw=0.8, label=r"$\exp(\Sigma\eta_\ell)$")
    axis.set(xlim=(0, 12), ylim=(0, 12), xlabel=r"$\Sigma_\ell\, \eta_\ell$",
             ylabel=r"$\ln \; \mathrm{E}\,[M_L]/M_0$")  # fmt: skip
    axis.legend(loc="upper left")


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, means: Means, preset: str) -> Page:
    """E[M_L]/M_0 against the number of modules by kind of module, and against Σ η."""
    page, axes = panels(len(s.endings) + 1, width=FULL_WIDTH, height=2.9)
    for axis, ending, letter in zip(axes, s.endings, "ab", strict=False):
        _lengths(axis, table, means, ending, s)
        axis.set_title(f"({letter}) {ENDINGS[ending]}")
    axes[0].set_ylabel(r"$M_L / M_0$")
    _against_sum(axes[-1], means, s)
    axes[-1].set_title(f"({'abc'[len(s.endings)]}) against Σ η (open: linear)")
    handles, labels = axes[0].get_legend_handles_labels()
    page.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    sign(
        page,
        preset,
        f"stream of width {s.width}, hidden layers of width {s.hidden}. Symbols: mean from "
        f"{s.populations} populations of {s.particles}, 95 % bootstrap intervals; dashed: median of "
        f"{s.networks} networks; lines in (b): exact mean; in (a) shaded: bounds derived here, dotted: "
        "sharper upper one",
    )
    return page


def _logs(data: FigureData, ending: str, base: float, sampler: str) -> pd.DataFrame:
    """Return ln M_L/M_0, one row per replicate, one column a number of modules.

    Raises:
        NotTested: fewer than ten replicates, or fewer than 50 modules.
    """
    rows = data.rows("fig2a", ending=ending, base=base, sampler=sampler)
    logs = rows.pivot(index="replicate", columns="modules", values="log10_length") * np.log(10)
    if len(logs) < _FEWEST_POPULATIONS or logs.columns.max() < 50:
        raise NotTested(f"needs 50 modules and {_FEWEST_POPULATIONS} populations or more")
    return logs


def _ln_mean(logs: np.ndarray) -> float:
    return float(special.logsumexp(logs) - np.log(len(logs)))


@figure.measure
def linear_mean(data: FigureData, base: float, sampler: str) -> Measurement:
    """E M_L over Π(1 + η²) for linear-ended modules at the greatest L; the exact value is 1."""
    logs = _logs(data, "linear", base, sampler)
    modules = int(logs.columns.max())
    exact = log_mean_growth_linear(module_scales(base, modules))[-1]
    ratio = np.exp(logs[modules].to_numpy() - exact)
    return Measurement(
        mean_interval(ratio, LEVEL),
        expected=1.0,
        note=f"{modules} modules; Π(1 + η²) = e^{exact:.4g}",
    )


@figure.measure
def above_lower_bound(data: FigureData, base: float) -> Measurement:
    """E M_L over Π(1 + η²) for ReLU-ended modules at the greatest L, natural logarithm."""
    logs = _logs(data, "relu", base, "population")
    modules = int(logs.columns.max())
    bound = log_mean_growth_linear(module_scales(base, modules))[-1]
    return Measurement(bootstrap(logs[modules].to_numpy() - bound, _ln_mean, LEVEL), expected=0.0)


@figure.measure
def below_upper_bound(data: FigureData, s: SimpleNamespace, base: float) -> Measurement:
    """E M_L over Π(1 + η)² for ReLU-ended modules at the greatest L, natural logarithm."""
    logs = _logs(data, "relu", base, "population")
    modules = int(logs.columns.max())
    scales = module_scales(base, modules)
    bound, sharper = log_upper_bound(scales)[-1], log_upper_bound_relu(scales, s.hidden)[-1]
    value = bootstrap(logs[modules].to_numpy() - bound, _ln_mean, LEVEL)
    return Measurement(
        value, expected=0.0, note=f"the sharper bound derived here lies at {sharper - bound:.4g}"
    )


@figure.measure
def growth_of_second_half(data: FigureData, ending: str, base: float) -> Measurement:
    """ln E M_L − ln E M_{L/2} against what Π(1 + η)² allows over the same modules.

    The estimates at L and L/2 come from the same populations.
    """
    logs = _logs(data, ending, base, "population")
    modules = int(logs.columns.max())
    half = int(logs.columns[logs.columns <= modules // 2].max())
    bound = log_upper_bound(module_scales(base, modules))
    both = logs[[half, modules]].to_numpy()
    estimate = bootstrap(both, lambda b: _ln_mean(b[:, 1]) - _ln_mean(b[:, 0]), LEVEL)
    return Measurement(
        estimate,
        expected=float(bound[-1] - bound[half - 1]),
        note=f"from L = {half} to {modules}; E M_L/M_0 = {np.exp(_ln_mean(both[:, 1])):.4g} at the end",
    )


@figure.measure
def growth_rate(data: FigureData, s: SimpleNamespace, ending: str) -> Measurement:
    """c in E M_L ~ exp(c L) of unscaled modules, over the second half of the depths."""
    logs = _logs(data, ending, 1.0, "population")
    modules = int(logs.columns.max())
    half = int(logs.columns[logs.columns <= modules // 2].max())
    both = logs[[half, modules]].to_numpy()
    rate = bootstrap(
        both, lambda b: (_ln_mean(b[:, 1]) - _ln_mean(b[:, 0])) / (modules - half), LEVEL
    )
    totals = []
    for base in s.bases:
        end = _ln_mean(_logs(data, ending, base, "population")[modules].to_numpy())
        totals.append(f"{end / module_scales(base, modules).sum():.3g} at b = {base:g}")
    return Measurement(
        Estimate(*rate),
        note="ln E M_L / Σ η over all modules: " + ", ".join(totals),
    )
