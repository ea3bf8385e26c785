"""The verdicts: one for each claim, from the agreed list, in a table."""

import importlib
import inspect
from collections.abc import Callable

import pandas as pd
import pytest
from project import SECTIONS, SMOKE, Project

from pipeline.recorded import recorded_spec
from pipeline.summary import summary
from study.folders import claims_file, figures_of
from study.judging import COLUMNS, claims_of
from study.verdicts import (
    NOT_REPRODUCED,
    NOT_TESTABLE,
    NOT_TESTED,
    REPRODUCED,
    VERDICTS,
    Claim,
    Measurement,
)

CLAIMS: dict[tuple[str, str], list[Claim]] = {
    (paper, figure): claims_of(file, figure)
    for paper in SMOKE.figures()
    for figure in figures_of(paper)
    if (file := claims_file(paper, figure))
}


def measures(paper: str, figure: str) -> dict[str, Callable]:
    """Return name ↦ measurement of a figure that is a folder."""
    presentation = importlib.import_module(f"papers.{paper}.{figure}.present").figure
    return {
        name: function
        for name, function in presentation.measures.items()
        if function.__annotations__.get("return") is Measurement and not name.startswith("_")
    }


@pytest.fixture(scope="module")
def verdicts(built: Project) -> pd.DataFrame:
    """Return the table of verdicts of the smoke build."""
    return pd.read_csv(built.results / "verdicts/verdicts.csv")


@pytest.mark.parametrize(("paper", "figure"), CLAIMS)
def test_every_claim_names_a_measurement_and_arguments_that_it_takes(paper: str, figure: str):
    for claim in CLAIMS[paper, figure]:
        assert claim.measure in measures(paper, figure), claim.claim
        takes = inspect.signature(measures(paper, figure)[claim.measure]).parameters
        assert claim.arguments.keys() <= takes.keys(), claim.claim
        assert claim.test in ("agrees", "at_least", "at_most"), claim.claim


def test_every_figure_has_a_claim_but_one():
    """Means of 50 networks have their claims with other figures."""
    without = SECTIONS.keys() - {"_".join(key) for key in CLAIMS}
    assert without == {"marion2025_means"}


@pytest.mark.parametrize("paper", SMOKE.figures())
def test_every_measurement_is_used_by_a_claim(paper: str):
    """A measurement that figures share may be used by one of them."""
    figures = [key for key in CLAIMS if key[0] == paper]
    used = {claim.measure for key in figures for claim in CLAIMS[key]}
    assert used == {name for key in figures for name in measures(*key)}


def some_verdicts() -> pd.DataFrame:
    """Return three published statements and one of this project's own."""
    columns = ("claim", "figure", "statement", "verdict")
    rows = [
        ("one", "fig1", "It is one", REPRODUCED),
        ("two", "fig1", "It is two", REPRODUCED),
        ("three", "fig2", "It is three", NOT_REPRODUCED),
        ("four", "fig2", "Added here: it is four", REPRODUCED),
    ]
    numbers = dict.fromkeys(("published", "measured", "low", "high", "would_show"), 1.0)
    frame = pd.DataFrame(rows, columns=columns)
    recorded = dict.fromkeys(column for column in COLUMNS if column.startswith("recorded_"))
    return frame.assign(paper="marion2025", test="equals 1", note="", **numbers, **recorded)


def test_the_summary_counts_published_statements_apart_from_our_own(tmp_path):
    (tmp_path / "verdicts").mkdir()
    some_verdicts().to_csv(tmp_path / "verdicts/verdicts.csv", index=False)
    said = [line.split() for line in summary(str(tmp_path)).splitlines()]
    assert ["3", "1", "statements,", "of", "these"] in said
    assert ["2", "1", "reproduced"] in said and ["1", "0", "not", "reproduced"] in said
    some_verdicts()[:3].to_csv(tmp_path / "verdicts/verdicts.csv", index=False)
    assert "      3        0  statements" in summary(str(tmp_path))


@pytest.mark.slow
def test_the_table_has_the_agreed_columns_and_a_row_for_each_claim(verdicts: pd.DataFrame):
    assert ",".join(verdicts.columns) == (
        "claim,paper,figure,statement,published,measured,low,high,allowed_low,allowed_high,"
        "test,would_show,verdict,note,recorded_measured,recorded_low,recorded_high,recorded_allowed_low,"
        "recorded_allowed_high,recorded_test,recorded_verdict,recorded_note,"
        "recorded_how"
    )
    expected = [(paper, claim.claim) for (paper, _), own in CLAIMS.items() for claim in own]
    assert sorted(zip(verdicts["paper"], verdicts["claim"], strict=True)) == sorted(expected)


@pytest.mark.slow
def test_figures_whose_table_is_recorded_have_its_verdicts_too(verdicts: pd.DataFrame):
    there = verdicts[verdicts["recorded_verdict"].notna()]
    keys = set(zip(there["paper"], there["figure"], strict=True))
    assert keys == {key for key in CLAIMS if recorded_spec(*key)} and len(keys) > 3
    own = verdicts[[key in keys for key in zip(verdicts["paper"], verdicts["figure"], strict=True)]]
    assert len(own) == len(there) and there["recorded_how"].str.contains(r"\d{4}-\d\d-\d\d").all()
    assert set(there["recorded_verdict"]) <= set(VERDICTS)


@pytest.mark.slow
def test_a_verdict_is_one_of_the_list_and_has_its_reasons(verdicts: pd.DataFrame):
    assert set(verdicts["verdict"]) <= set(VERDICTS)
    untested = verdicts["verdict"].isin([NOT_TESTED, NOT_TESTABLE])
    tested = verdicts[~untested]
    numbers = tested[["published", "measured", "low", "high"]]
    assert numbers.notna().all(axis=None)
    assert (numbers["low"] <= numbers["measured"]).all()
    assert (numbers["measured"] <= numbers["high"]).all()
    assert verdicts[untested]["note"].notna().all()
