"""Epochs of residual networks to a given test accuracy (Hanin & Rolnick 2018, Figure 2b)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.figure import Figure as Page

from papers.hanin2018.fig2b import measures
from papers.hanin2018.looks import looks_of_scales
from papers.hanin2018.start_panels import Panel, panels_of_starts
from papers.hanin2018.starts import PAPERS_TRAINING, images_used
from study.figure_data import Tables
from study.presentation import Presentation
from study.style import count_axis, footnote, power_of_ten

figure = Presentation(measures, papers=PAPERS_TRAINING)

_TITLES = {"relu": "(b) modules end in ReLU", "linear": "(b′) in a linear layer (added)"}
# Decades of E M_L: scaled networks lie here, and unscaled ones of which some start.
_DECADES = 9


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, tables: Tables, preset: str) -> Page:
    """Mean epochs to the first check that finds the target, against modules and against E M_L."""
    cap = s.max_epochs
    runs = measures.times(table, cap)
    panels = [Panel(_TITLES[e], runs[runs["ending"] == e], "modules", cap) for e in s.endings]
    relu = runs[runs["ending"] == "relu"].merge(
        measures.mean_lengths(tables["fig2a"]), on=["base", "modules"]
    )
    if not relu.empty:
        title = r"(b″) against $\mathrm{E}\,M_L$ (added)"
        panels.append(Panel(title, relu, "log10_mean_length", cap, counts=False, lines=False))
    looks = looks_of_scales(s.bases, bool(s.reciprocal))
    page, axes = panels_of_starts(panels, "base", looks, columns=len(looks))
    for axis in axes[: len(s.endings)]:
        count_axis(axis, s.modules, "residual modules L")
    page.axes[0].set_ylabel(f"mean epochs to {round(100 * s.target_accuracy)} % accuracy")
    if not relu.empty:
        axes[-1].set(xlim=(-0.3, _DECADES), xlabel=r"$\mathrm{E}\,M_L$, input of length 1")
        axes[-1].xaxis.set_major_formatter(power_of_ten)
    footnote(
        page,
        preset,
        f"stream of width {s.width}; {s.runs} runs per point; {images_used(s)}, batch {s.batch_size}, rate "
        f"{s.learning_rate:g}; accuracy measured {s.checks_per_epoch} times an epoch. Means, the cap counted "
        "for runs that never start or diverge, with 95 % bootstrap intervals; open: some never started",
    )
    return page
