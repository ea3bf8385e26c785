"""Summaries, measurements and claims of a figure."""

from dataclasses import replace
from types import ModuleType

import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import Estimate, TooFewReplicates
from study.errors import UserError
from study.figure_data import FigureData
from study.judging import claims_of, entries
from study.presentation import Presentation
from study.recorded import Recorded
from study.verdicts import (
    ADDED,
    DIFFERENT,
    NOT_TESTED,
    REPRODUCED,
    Claim,
    Measurement,
    NotTested,
    judge,
)

DATA = FigureData(
    "fig7",
    {"fig7": pd.DataFrame({"beta": [1, 1, 2], "ratio": [3.0, 5.0, 7.0]}), "fig1": pd.DataFrame()},
    {"fig7": {"depth": 10}, "fig1": {}},
    {"map": pd.DataFrame({"beta": [1.0]})},
)
ENTRY = {"claim": "c", "figure": "fig7", "statement": "s", "measure": "mean_at", "test": "agrees"}


@pytest.fixture
def figure() -> Presentation:
    made = Presentation()
    made.counted = 0

    @made.summary
    def means(table, s):
        made.counted += 1
        return table.groupby("beta")["ratio"].mean() + s.depth

    @made.measure
    def mean_at(means, beta):
        return Measurement(Estimate.exactly(means[beta]))

    @made.draw
    def draw(means, published, preset):
        return Page(figsize=(1, len(means) * len(published["map"])))

    return made


def test_a_measurement_is_given_summaries_and_the_arguments_of_its_claim(figure):
    found = figure.of(DATA).measured(Claim(**ENTRY, arguments={"beta": 1}))
    assert found.estimate.value == 14.0


def test_a_drawing_is_given_what_its_parameters_name(figure):
    assert figure.of(DATA, "smoke").page().get_figheight() == 2


def test_a_drawing_may_ask_for_the_table_recorded_at_the_papers_scale(figure):
    @figure.draw
    def draw(table, recorded):
        rows = len(table) if recorded is None else len(recorded.table) * len(recorded.how)
        return Page(figsize=(1, rows))

    larger = {"fig7": pd.concat([DATA.tables["fig7"]] * 3)}
    recorded = Recorded(FigureData("fig7", larger, DATA.settings, {}), "paper", "GPU, 2026")
    assert figure.of(DATA, "smoke").page().get_figheight() == 3
    assert figure.of(DATA, "smoke", recorded).page().get_figheight() == 9 * len("GPU, 2026")


def test_settings_that_leave_too_little_for_a_figure_are_a_users_mistake_and_no_verdict(figure):
    @figure.draw
    def draw(table):
        raise TooFewReplicates("an interval needs two")

    @figure.measure
    def share():
        return Measurement(Estimate.exactly(1.0 / 0))

    with pytest.raises(UserError, match="an interval needs two"):
        figure.of(DATA, "smoke").page()
    claim = Claim(**ENTRY | {"measure": "share", "published": 1.0})
    assert judge(claim, lambda: figure.of(DATA).measured(claim))["verdict"] == NOT_TESTED


def test_settings_that_are_not_the_papers_are_a_stated_difference_of_published_statements(figure):
    claim = Claim(**ENTRY | {"published": 14.0}, arguments={"beta": 1})
    added = replace(claim, statement=f"{ADDED}: s")
    fewer = Presentation(papers={"depth": 100, "betas": {"count": 3}})

    @fewer.measure
    def mean_at(beta):
        return Measurement(Estimate.exactly(14.0))

    papers_own = replace(DATA, settings={"fig7": {"depth": 100, "betas": {"count": 3}}})
    shallow = replace(DATA, settings={"fig7": {"depth": 10, "betas": {"count": 2}}})
    row = fewer.of(shallow).judged(claim)
    assert (
        row["verdict"] == DIFFERENT and "depth 10" in row["note"] and "betas.count 2" in row["note"]
    )
    for verdict in (
        fewer.of(papers_own).judged(claim),
        fewer.of(shallow).judged(added),
        fewer.of(shallow).judged(replace(claim, must_hold=True)),
    ):
        assert verdict["verdict"] == REPRODUCED


def test_a_summary_is_computed_once_for_all_that_ask(figure):
    @figure.measure
    def twice(means, tables, data):
        return Measurement(Estimate.exactly(len(means) + len(tables) + len(data.tables)))

    @figure.summary
    def again(means):
        return means

    @figure.measure
    def both(means, again):
        return Measurement(Estimate.exactly(float((means - again).sum())))

    assert figure.of(DATA).measured(Claim(**ENTRY | {"measure": "both"})).estimate.value == 0
    assert figure.counted == 1
    assert figure.of(DATA).measured(Claim(**ENTRY | {"measure": "twice"})).estimate.value == 6


def test_functions_that_a_module_defines_are_measurements_too():
    module = ModuleType("measures")
    module.depth_of = lambda s: Measurement(Estimate.exactly(s.depth))
    module.depth_of.__module__ = "measures"
    module.imported = claims_of
    claim = Claim(**ENTRY | {"measure": "depth_of"})
    assert Presentation(module).of(DATA).measured(claim).estimate.value == 10
    assert list(Presentation(module).measures) == ["depth_of"]


def test_what_a_presentation_is_given_holds_unless_a_claim_says_otherwise():
    first = Presentation(column="ratio")

    @first.measure
    def mean_of(table, column, least=0):
        chosen = table[table["beta"] >= least]
        return Measurement(Estimate.exactly(chosen[column].mean()))

    claim = Claim(**ENTRY | {"measure": "mean_of"})
    own = Claim(**ENTRY | {"measure": "mean_of"}, arguments={"column": "beta"})
    second = first.given(least=2)
    assert [first.of(DATA).measured(c).estimate.value for c in (claim, own)] == [5, 4 / 3]
    assert [second.of(DATA).measured(c).estimate.value for c in (claim, own)] == [7, 2]


def test_a_figure_without_a_table_has_table_and_settings_of_the_first_that_it_reads():
    settings = {"fig3": {"width": 5}, "fig7": {"depth": 10, "width": 4}, "fig1": {"depth": 1}}
    other = FigureData("fig3", DATA.tables, settings, {})
    figure = Presentation()

    @figure.measure
    def volume(s, table):
        return Measurement(Estimate.exactly(s.depth * s.width * len(table)))

    claim = Claim(**ENTRY | {"measure": "volume"})
    assert figure.of(other).measured(claim).estimate.value == 10 * 5 * 3


def test_rows_that_the_preset_lacks_are_not_tested():
    assert len(DATA.rows("fig7", beta=1)) == 2
    with pytest.raises(NotTested, match="beta = 2"):
        DATA.rows("fig7", beta=2)


def test_an_entry_with_a_list_is_a_claim_for_each_item(tmp_path):
    entry = {
        "claim": "mean-{beta}",
        "statement": "at β = {beta}",
        "measure": "mean_at",
        "test": "agrees",
        "arguments": {"column": "output"},
        "for": [{"beta": 1, "published": 4.0}, {"beta": 2, "published": 7.0, "note": "n"}],
    }
    first, second = entries([entry], "fig7")
    assert first["claim"] == "mean-1" and second["statement"] == "at β = 2"
    assert first["arguments"] == {"column": "output", "beta": 1} and first["published"] == 4.0
    assert second["note"] == "n" and "note" not in first
    (tmp_path / "claims.yaml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    assert [claim.figure for claim in claims_of(tmp_path / "claims.yaml", "fig7")] == ["fig7"] * 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"measure": "median_at"}, "c: .*median_at.* mean_at"),
        ({"arguments": {"beta": 1, "hurst": 1}}, "c: .*hurst"),
        ({"arguments": {}}, "mean_at.*beta.* table"),
    ],
)
def test_a_claim_that_asks_for_what_there_is_not_is_told(figure, change: dict, named: str):
    with pytest.raises(UserError, match=named):
        figure.of(DATA).measured(Claim(**ENTRY | change))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("- {claim: c, statement: s, measure: m, test: agrees, precison: 1}", "c: .*precison"),
        ("- {claim: c, statement: s, test: equals}", "c: .*measure"),
        ("- {claim: c, statement: s, measure: m, test: equals}", "c: test.*agrees"),
        ("- {claim: c, statement: s, measure: m, test: agrees, published: 1e-3}", "c: .*published"),
        ("- {claim: 'c-{widht}', statement: s, for: [{width: 1}]}", "widht"),
        ("- c", ""),
        ("- {claim: c, statement: s, measure: m, test: agrees}\n" * 2, "identifier: c"),
    ],
)
def test_what_is_wrong_in_a_file_of_claims_is_told_with_its_path(tmp_path, wrong: str, named: str):
    path = tmp_path / "claims.yaml"
    path.write_text(wrong)
    with pytest.raises(UserError, match=rf"claims\.yaml.*{named}"):
        claims_of(path, "fig7")
