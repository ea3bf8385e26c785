"""Epochs to a given test accuracy against depth, by width pattern (Hanin & Rolnick 2018, Figure 3a)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.figure import Figure as Page

from papers.hanin2018 import architectures
from papers.hanin2018.architectures import panels_of_patterns
from papers.hanin2018.starts import training_text
from study.presentation import Presentation
from study.style import sign

figure = Presentation(architectures)


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str) -> Page:
    """Epochs against depth."""
    page, axes = panels_of_patterns(table, s, "depth", "a")
    for axis in axes:
        axis.set(xlabel="depth d", xticks=s.depths)
    sign(page, preset, training_text(s))
    return page
