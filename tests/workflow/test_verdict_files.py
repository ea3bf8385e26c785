"""The verdicts: one for each claim, from the agreed list, on a page and in a table."""

import html
import importlib

import pandas as pd
import pytest
import yaml
from project import SECTIONS, SMOKE, Project

from claims.verdict_table import measurement
from deepinit.verdicts import NOT_TESTED, VERDICTS, Claim, Measurement, read_claims
from pipeline.closure import WORKFLOW

MODULES = {
    paper: [
        importlib.import_module(f"claims.{paper}.{file.stem}")
        for file in sorted((WORKFLOW / "claims" / paper).glob("*.py"))
    ]
    for paper in SMOKE.figures()
}
CLAIMS: dict[str, list[Claim]] = {
    paper: read_claims(
        yaml.safe_load((WORKFLOW / f"claims/{paper}.yaml").read_text(encoding="utf-8"))
    )
    for paper in MODULES
}


@pytest.fixture(scope="module")
def verdicts(built: Project) -> pd.DataFrame:
    """Return the table of verdicts of the smoke build."""
    return pd.read_csv(built.results / "verdicts/verdicts.csv")


@pytest.mark.parametrize("paper", MODULES)
def test_every_claim_is_about_a_figure_and_names_a_measurement(paper: str):
    for claim in CLAIMS[paper]:
        assert f"{paper}_{claim.figure}" in SECTIONS, claim.claim
        assert callable(measurement(MODULES[paper], claim.measure)), claim.claim
        assert claim.test in ("agrees", "at_least", "at_most"), claim.claim


def test_every_figure_has_a_claim():
    claimed = {f"{paper}_{claim.figure}" for paper, claims in CLAIMS.items() for claim in claims}
    assert claimed == SECTIONS.keys()


@pytest.mark.parametrize("paper", MODULES)
def test_every_measurement_is_used_by_a_claim(paper: str):
    measurements = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES[paper]
        for name, function in vars(module).items()
        if getattr(function, "__module__", "") == module.__name__
        and function.__annotations__.get("return") is Measurement
        and not name.startswith("_")
    }
    assert measurements == {claim.measure for claim in CLAIMS[paper]}


@pytest.mark.slow
def test_the_table_has_the_agreed_columns_and_a_row_for_each_claim(verdicts: pd.DataFrame):
    assert ",".join(verdicts.columns) == (
        "claim,paper,figure,statement,published,measured,low,high,test,verdict,note"
    )
    expected = [(paper, claim.claim) for paper, claims in CLAIMS.items() for claim in claims]
    assert list(zip(verdicts["paper"], verdicts["claim"], strict=True)) == expected


@pytest.mark.slow
def test_a_verdict_is_one_of_the_list_and_has_its_reasons(verdicts: pd.DataFrame):
    assert set(verdicts["verdict"]) <= set(VERDICTS)
    tested = verdicts[verdicts["verdict"] != NOT_TESTED]
    numbers = tested[["published", "measured", "low", "high"]]
    assert numbers.notna().all(axis=None)
    assert (numbers["low"] <= numbers["measured"]).all()
    assert (numbers["measured"] <= numbers["high"]).all()
    assert verdicts[verdicts["verdict"] == NOT_TESTED]["note"].notna().all()


@pytest.mark.slow
def test_the_page_has_every_claim_with_its_verdict(built: Project, verdicts: pd.DataFrame):
    page = (built.results / "verdicts/verdicts.html").read_text(encoding="utf-8")
    rows = page.split("<tr>")
    for row in verdicts.itertuples():
        (cell,) = (text for text in rows if f"{row.figure} · {row.claim}<" in text)
        assert html.escape(row.statement) in cell and f">{row.verdict}<" in cell
