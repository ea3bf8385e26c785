"""Epochs to a given test accuracy against depth, by width pattern (Hanin & Rolnick 2018, Figure 3a)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.figure import Figure as Page

from papers.hanin2018 import architectures
from papers.hanin2018.looks import looks_of_patterns, thin_patterns
from papers.hanin2018.start_panels import panels_by_biases
from papers.hanin2018.starts import PAPERS_TRAINING
from study.presentation import Presentation
from study.recorded import Recorded
from study.style import footnote

figure = Presentation(architectures, papers=PAPERS_TRAINING)


@figure.draw
def draw(
    s: SimpleNamespace, table: pd.DataFrame, preset: str, recorded: Recorded | None = None,
) -> Page:  # fmt: skip
    """Epochs against depth."""
    patterns, thin = looks_of_patterns(s.patterns), thin_patterns(s.patterns)
    page, axes, text = panels_by_biases(
        table, s, "pattern", patterns, "depth", "a", thin, recorded=recorded
    )
    for axis in axes:
        axis.set_xlabel("depth d")
    footnote(page, preset, text)
    return page
