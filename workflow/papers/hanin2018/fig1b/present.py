"""Epochs to a given test accuracy, by initialisation (Hanin & Rolnick 2018, Figure 1b)."""

from types import SimpleNamespace

import pandas as pd
from matplotlib.figure import Figure as Page

from papers.hanin2018.fig1b import measures
from papers.hanin2018.looks import looks_of_laws
from papers.hanin2018.start_panels import panels_by_biases
from papers.hanin2018.starts import PAPERS_TRAINING
from study.presentation import Presentation
from study.recorded import Recorded

figure = Presentation(measures, papers=PAPERS_TRAINING)


@figure.draw
def draw(s: SimpleNamespace, table: pd.DataFrame, preset: str, recorded: Recorded | None) -> Page:
    """Epochs against depth."""
    return panels_by_biases(
        table, s, preset, recorded, letter="b", curve="law", looks=looks_of_laws(s.laws), column="depth",
        label="depth d = width",
    )  # fmt: skip
