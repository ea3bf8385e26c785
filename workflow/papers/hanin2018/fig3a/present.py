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

figure = Presentation(architectures, papers=PAPERS_TRAINING)


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str, recorded: Recorded | None) -> Page:
    """Epochs against depth."""
    return panels_by_biases(
        table, s, preset, recorded, letter="a", curve="pattern", looks=looks_of_patterns(s.patterns),
        column="depth", label="depth d", thin=thin_patterns(s.patterns),
    )  # fmt: skip
