"""What tests of mistakes share: rows are green where the science is right and red with one mistake in it.

Each case is a claim, tables as they should be, and tables with one mistake in them: a variance off by
some per cent, noise with a lag of a layer, a missing mean, swapped panels, another model. The numbers come
from the functions that the figures use, or from the distribution that they have in the limit, at a size at
which the row decides. What a row of a build would show stands in its column `would_show`.
"""

import importlib
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from deepinit.seeds import seed_sequence
from study.figure_data import FigureData
from study.folders import folder
from study.judging import claims_of
from study.verdicts import DIFFERENT, REPRODUCED, judge

LN_10 = np.log(10)
#: Verdicts where the science is right.
GREEN = (REPRODUCED, DIFFERENT)


def seeds(*address: object) -> np.random.SeedSequence:
    return seed_sequence(9, "test_mutations", *address)


def published(paper: str, figure: str) -> dict[str, pd.DataFrame]:
    return {file.stem: pd.read_csv(file) for file in folder(paper, figure).glob("published/*.csv")}


def of_one_table(
    figure: str, frame: pd.DataFrame, values: dict[str, pd.DataFrame] | None = None, **settings
) -> FigureData:
    """Return what a figure is given that draws its own table alone, perhaps beside published values."""
    return FigureData(figure, {figure: frame}, {figure: settings}, values or {})


@cache
def _made(data: Callable[..., FigureData], **mistake: object) -> FigureData:
    return data(**mistake)


def verdict(
    paper: str, figure: str, name: str, data: Callable[..., FigureData], **mistake: object
) -> str:
    """Return the verdict on one claim."""
    claims = claims_of(folder(paper, figure) / "claims.yaml", figure)
    (claim,) = (claim for claim in claims if claim.claim == name)
    presentation = importlib.import_module(f"papers.{paper}.{figure}.present").figure
    return judge(claim, lambda: presentation.of(_made(data, **mistake)).measured(claim))["verdict"]


def one_by_one(
    cases: list[tuple[str, str, Callable[..., FigureData], dict]], slow: str = ""
) -> list:
    """Return a case for each claim.

    Args:
        cases: a figure, its claims, tables as they should be, and the mistake in them.
        slow: a claim that takes seconds to judge.
    """
    marks = {slow: pytest.mark.slow}
    return [
        pytest.param(figure, name, data, mistake, id=f"{name} {mistake}", marks=marks.get(name, ()))
        for figure, names, data, mistake in cases
        for name in names.split()
    ]
