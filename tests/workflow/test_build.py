"""What `make` says while it works."""

from pathlib import Path

import pandas as pd
import pytest
from project import SECTIONS, SMOKE

from commands.build import check_target, expected_seconds
from pipeline.expected import drawing_spec, part_specs, table_path
from pipeline.outdated import tables_of
from pipeline.summary import figure_summary
from study.errors import UserError
from study.load import load_config
from study.verdicts import NOT_REPRODUCED, REPRODUCED


def test_every_figure_has_a_measured_cost() -> None:
    for preset in ("smoke", "laptop"):
        found = expected_seconds(load_config({"preset": preset}))
        assert set(found) == {f"{key}_parts" for key in SECTIONS}


def test_a_figure_is_asked_for_with_its_own_table_or_with_those_it_draws(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for figure, tables in {
        "fig1": ["fig1"],
        "fig12": ["fig10", "fig1"],
        "fig3": ["fig1", "means"],
    }.items():
        words = tables_of(SMOKE, f"marion2025_{figure}")
        assert words == [table_path("smoke", "marion2025", table) for table in tables]
    assert tables_of(SMOKE, "all") == []


def test_an_own_preset_keeps_copied_parts_and_signs_its_figures():
    """Parts do not know their preset, and are kept as `test_outdated` has it."""
    own = load_config(
        {"preset": "mine", "base": "smoke", "luther2019": {"gradients": {"networks": 12}}}
    )
    for key in SECTIONS:
        place = key.split("_", 1)
        kept = part_specs(own, *place) == part_specs(SMOKE, *place)
        assert kept == (key != "luther2019_gradients"), key
        assert drawing_spec(own, *place)["preset"] == "mine"


def test_a_changed_figure_of_a_carried_preset_says_so_and_the_others_do_not():
    changed = load_config({"preset": "smoke", "marion2025": {"fig1": {"networks": 51}}})
    assert drawing_spec(changed, "marion2025", "fig1")["preset"] == "smoke (changed)"
    assert drawing_spec(changed, "luther2019", "theory")["preset"] == "smoke"
    # With another root seed all that draws random numbers is changed, theory is not.
    seeded = load_config({"preset": "smoke", "root_seed": 7})
    assert drawing_spec(seeded, "marion2025", "fig1")["preset"] == "smoke (changed)"
    assert drawing_spec(seeded, "luther2019", "theory")["preset"] == "smoke"


@pytest.mark.parametrize("target", ["foo", "hanin2018", "verdicts", "marion2025_fig7_parts"])
def test_what_is_no_figure_is_refused(target: str):
    with pytest.raises(UserError, match=target):
        check_target(SMOKE, target)


def test_a_figure_whose_theory_and_simulation_disagree_is_not_done(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("results/smoke/verdicts/marion2025/fig7.csv")
    path.parent.mkdir(parents=True)
    row = {"claim": "c", "verdict": REPRODUCED, "stops": False}
    row |= {"measured": 1.0, "low": 0.9, "high": 1.1, "published": 2.0}
    pd.DataFrame([row]).to_csv(path)
    assert "1 reproduced" in figure_summary("smoke", "marion2025_fig7")
    pd.DataFrame([row | {"verdict": NOT_REPRODUCED, "stops": True}]).to_csv(path)
    with pytest.raises(UserError, match="c: measured"):
        figure_summary("smoke", "marion2025_fig7")
