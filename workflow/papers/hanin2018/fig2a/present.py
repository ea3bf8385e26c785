"""Length in residual networks with scaled modules (Hanin & Rolnick 2018, Figure 2a)."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from deepinit.resnet.scaled_modules_theory import log_mean_growth_linear, module_scales
from deepinit.stats.intervals import log10_mean_interval
from papers.hanin2018.fig2a import measures
from papers.hanin2018.looks import looks_of_scales
from papers.hanin2018.scales import RECIPROCAL
from study.figure_data import FigureData
from study.presentation import Presentation
from study.style import FULL_WIDTH, decades, footnote, legend_above

figure = Presentation(measures)

# Decades that show the scaled networks.
_TOP = 4.4
Means = dict[tuple[str, float], pd.DataFrame]


@figure.summary
def means(table: pd.DataFrame) -> Means:
    """Return (ending, base) ↦ log10 of the mean, low and high, by number of modules.

    From the populations.
    """
    found = {}
    for kind, rows in table[table["sampler"] == "population"].groupby(["ending", "base"]):
        logs = rows.groupby("modules")["log10_length"]
        spans = {modules: log10_mean_interval(group, 0.95) for modules, group in logs}
        found[kind] = pd.DataFrame.from_dict(spans, orient="index", columns=["mean", "low", "high"])
    return found


def _lengths(
    axis: Axes, table: pd.DataFrame, means: Means, ending: str, looks: dict, top: float | None
) -> None:
    """Draw means and, dashed, medians against the number of modules."""
    for base, look in looks.items():
        if (ending, base) not in means:
            continue
        mean = means[ending, base]
        error = [mean["mean"] - mean["low"], mean["high"] - mean["mean"]]
        axis.errorbar(mean.index, mean["mean"], error, ls="none", lw=0.8, ms=2.6, **look)
        if base == RECIPROCAL:
            continue
        rows = table[(table["ending"] == ending) & (table["base"] == base)]
        networks = rows[rows["sampler"] == "network"].groupby("modules")["log10_length"]
        axis.plot(networks.median(), color=look["color"], lw=0.8, ls="--")
        if ending == "linear":
            modules = int(mean.index.max())
            exact = log_mean_growth_linear(module_scales(base, modules)) / np.log(10)
            axis.plot(np.arange(1, modules + 1), exact, color=look["color"], lw=0.8)
    axis.set_xlabel("residual modules L")
    axis.set_ylim(-0.03 * (top or axis.get_ylim()[1]), top)
    axis.xaxis.get_major_locator().set_params(integer=True)
    decades(axis.yaxis)


def _exponents(axis: Axes, data: FigureData, bases: list[float], looks: dict) -> None:
    """Draw c = ln E M_L/Σ η with its bounds, a place for each b."""
    places = sorted(bases)
    for place, base in enumerate(places):
        (value, low, high), bounds = measures.exponent(data, base, level=0.95)
        axis.vlines(place, *bounds[:2], color="0.85", lw=7)
        axis.hlines(bounds[2], place - 0.13, place + 0.13, color="0.45", lw=1)
        look = {key: part for key, part in looks[base].items() if key != "label"}
        axis.errorbar([place], [value], [[value - low], [high - value]], ms=4, **look)
    axis.set_xticks(range(len(places)), [f"{base:g}" for base in places])
    axis.set(xlim=(-0.6, len(places) - 0.4), ylim=(0, 2.1), xlabel=r"$b$ of $\eta_\ell = b^\ell$",
             ylabel=r"$c = \ln \mathrm{E}[M_L/M_0]\,/\,\Sigma\eta_\ell$")  # fmt: skip
    axis.grid(visible=False, axis="x")


@figure.draw
def draw(
    data: FigureData, s: SimpleNamespace, table: pd.DataFrame, means: Means, preset: str
) -> Page:
    """E[M_L]/M_0 against the number of modules, and what is added: another end, exponents."""
    looks = looks_of_scales(s.bases, bool(s.reciprocal))
    page, grid = plt.subplots(2, 2, figsize=(FULL_WIDTH, 5.0))
    (whole, near), (linear, exponents) = grid
    published = {base: look for base, look in looks.items() if base != RECIPROCAL}
    _lengths(whole, table, means, "relu", published, None)
    _lengths(near, table, means, "relu", looks, _TOP)
    _lengths(linear, table, means, "linear", looks, _TOP)
    if "relu" in s.endings:
        _exponents(exponents, data, s.bases, looks)
    whole.set_title("(a) modules end in ReLU")
    near.set_title("(a′) the same, enlarged")
    linear.set_title("(a″) modules end in a linear layer (added)")
    exponents.set_title(f"(a‴) exponent at L = {max(s.modules)}, with bounds (added)")
    for axis in (whole, linear):
        axis.set_ylabel(r"$M_L$, input of length 1")
    for axis in grid.flat:
        axis.set_visible(axis.has_data())
    legend_above(page, [near, linear], len(looks))
    footnote(
        page,
        preset,
        f"stream of width {s.width}, hidden layers of width {s.hidden}. Symbols: mean from "
        f"{s.populations} populations of {s.particles} networks, 95 % intervals; dashed: median of "
        f"{s.networks} networks; lines of linear modules: exact mean. Exponent: modules that end in ReLU; "
        "bars from Π(1 + η²) to Π(1 + η)², ticks: a sharper upper bound",
    )
    return page
