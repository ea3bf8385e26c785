"""The menu: what figures cost, measured or predicted, and what a preset leaves out."""

import json
import sys

import pandas as pd
import pytest
from project import SECTIONS, SMOKE, Project

import cli
from commands import menu, record_costs
from pipeline import costs
from pipeline.costs import Cost, cost
from pipeline.expected import expected_files
from pipeline.run_records import record_of
from study.errors import UserError
from study.load import load_config, read_own

LAPTOP, PAPER = (load_config({"preset": preset}) for preset in ("laptop", "paper"))
FIGURES = [(paper, figure) for paper, figures in LAPTOP.figures().items() for figure in figures]


def one_row(preset: str, figure: str, cpu: float, **columns: object) -> pd.DataFrame:
    """Return a table of costs with a single row."""
    row = {
        "preset": preset,
        "figure": figure,
        "cpu_seconds": cpu,
        "peak_mebibytes": 400.0,
        "longest_seconds": 20.0,
        "device": "cpu",
        "gpu_seconds": float("nan"),
    }
    return pd.DataFrame([row | columns])


@pytest.mark.parametrize(("paper", "figure"), FIGURES)
def test_a_figure_that_differs_at_full_scale_says_how_much_work_it_is(paper: str, figure: str):
    here, full = (config.figures()[paper][figure] for config in (LAPTOP, PAPER))
    if here != full:
        assert here.work() > 0 and full.work() > here.work()


def test_a_measured_cost_is_told_as_it_was_measured():
    table = one_row("laptop", "luther2019_gradients", 50.0)
    assert cost(table, LAPTOP, "luther2019", "gradients") == Cost(50.0, 400.0, False, longest=20.0)


def test_the_same_settings_cost_the_same_at_another_preset():
    table = one_row("laptop", "marion2025_fig7", 50.0)
    assert PAPER.marion2025.fig7 == LAPTOP.marion2025.fig7
    assert not cost(table, PAPER, "marion2025", "fig7").predicted


def test_a_predicted_cost_is_in_proportion_to_the_work_the_start_of_jobs_aside():
    paper, figure = "luther2019", "gradients"
    here, full = (config.figures()[paper][figure] for config in (LAPTOP, PAPER))
    assert len(here.parts()) == len(full.parts()) == 1
    found = cost(one_row("laptop", f"{paper}_{figure}", 50.0), PAPER, paper, figure)
    start = 3 * costs.START_SECONDS
    assert found.predicted
    assert found.seconds == pytest.approx(start + (50 - start) * full.work() / here.work())


def test_without_a_measurement_or_without_known_work_nothing_is_predicted():
    elsewhere = one_row("smoke", "luther2019_gradients", 50.0)
    assert cost(elsewhere, PAPER, "luther2019", "gradients") is None
    assert LAPTOP.luther2019.theory.work() is None
    own = {"preset": "mine", "base": "laptop", "luther2019": {"theory": {"depth": 70}}}
    place = "luther2019", "theory"
    assert cost(one_row("laptop", "luther2019_theory", 50.0), load_config(own), *place) is None


@pytest.mark.parametrize(("paper", "figure"), FIGURES)
def test_whatever_draws_random_numbers_says_how_much_work_it_is(paper: str, figure: str):
    section = LAPTOP.figures()[paper][figure]
    assert section.work() or not section.parts() or not section.random


def test_gpu_time_is_told_only_where_a_rate_was_measured_on_one():
    place = "hanin2018", "fig1b"
    on_cpu = one_row("laptop", "hanin2018_fig1b", 250.0)
    assert cost(on_cpu, PAPER, *place, gpu=True) is None
    assert "no GPU rate measured yet" in menu._cost(on_cpu, PAPER, *place)
    on_gpu = one_row("laptop", "hanin2018_fig1b", 9.0, device="A GPU", gpu_seconds=60.0)
    both = pd.concat([on_cpu, on_gpu])
    found = cost(both, PAPER, *place, gpu=True)
    assert found.predicted and found.device == "A GPU" and found.seconds > 60
    assert cost(both, PAPER, *place) == cost(on_cpu, PAPER, *place)
    assert "GPU" in menu._cost(both, PAPER, *place).split(";")[1]
    measured = one_row("paper", "hanin2018_fig1b", 9.0, device="A GPU", gpu_seconds=300.0)
    found = cost(measured, PAPER, *place, gpu=True)
    assert menu._words(found, "a GPU", "") == "5 min of a GPU, on one A GPU"


def test_costs_are_recorded_by_device(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record_costs, "_gpu_name", lambda: "A GPU")
    for job in expected_files(SMOKE).values():
        path = record_of(job.outputs[-1])
        path.parent.mkdir(parents=True, exist_ok=True)
        record = {"cpu_seconds": 2.0, "wall_seconds": 3.0, "peak_mebibytes": 300.0}
        record |= {"device": "cuda" if "tables/marion2025/fig6/" in str(path) else "cpu"}
        path.write_text(json.dumps({**record, "outputs": dict.fromkeys(job.outputs, "")}))
    table = record_costs.measured_costs(SMOKE).set_index("figure")
    assert set(table.index) == set(SECTIONS)
    assert table.loc["marion2025_fig6", ["device", "gpu_seconds"]].tolist() == ["A GPU", 3.0]
    assert (table.drop("marion2025_fig6")["device"] == "cpu").all()
    jobs = 2 + len(SECTIONS["marion2025_fig2"].parts())
    assert table.loc["marion2025_fig2", "cpu_seconds"] == 2.0 * jobs
    record_of("results/smoke/tables/marion2025/fig2.parquet").unlink()
    with pytest.raises(UserError, match=r"no record .*\.json.* build again"):
        record_costs.measured_costs(SMOKE)


def test_a_new_record_replaces_that_of_the_same_device_and_drops_figures_that_are_no_more():
    old = pd.concat([one_row("laptop", "a_b", 1.0), one_row("laptop", "a_gone", 1.0)])
    new = one_row("laptop", "a_b", 2.0)
    assert record_costs.merged(old, new)["cpu_seconds"].tolist() == [2.0]
    on_gpu = one_row("laptop", "a_b", 3.0, device="A GPU", gpu_seconds=5.0)
    assert record_costs.merged(new, on_gpu)["cpu_seconds"].tolist() == [3.0, 2.0]


def test_the_cost_of_several_jobs_is_told_as_their_sum():
    table = pd.concat(
        [one_row("laptop", f"marion2025_{figure}", 50.0) for figure in ("fig1", "fig2", "fig3")]
    )
    several, one, none = (
        menu._cost(table, LAPTOP, "marion2025", figure) for figure in ("fig1", "fig3", "fig6")
    )
    assert several == "together 50 s of one core, 400 MiB per job"
    assert one == "50 s of one core, 400 MiB per job"
    assert none == "not yet measured"


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, *words: str) -> str:
    monkeypatch.setattr(sys, "argv", ["cli.py", "list", *words])
    assert cli.main() == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("preset", ["smoke", "laptop", "paper"])
def test_the_menu_has_every_figure(preset: str, monkeypatch, capsys):
    text = told(monkeypatch, capsys, preset)
    assert all(key in text for key in SECTIONS)


def test_the_menu_of_an_own_configuration_has_its_name_and_its_jobs(tmp_path, monkeypatch, capsys):
    own = tmp_path / "mine.yaml"
    own.write_text("preset: mine\nbase: smoke\nmarion2025: {fig1: {depths: [10, 20, 40]}}\n")
    text = told(monkeypatch, capsys, "--config", str(own))
    assert "preset 'mine'" in text
    assert "3 jobs" in text[text.index("marion2025_fig1 ") :].splitlines()[1]


@pytest.mark.parametrize("text", ["", "- a list", "base: laptop", "a: {"])
def test_a_configuration_without_a_preset_is_told_so(tmp_path, text: str):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=r"mine\.yaml"):
        read_own(str(path))


@pytest.mark.parametrize("command", ["config", "api", "overview", "protocol"])
def test_help_says_what_a_command_does_and_does_not_do_it(checkout: Project, command: str):
    """Of the commands that can do without arguments, and write."""
    done = checkout.run(["python", "workflow/cli.py", command, "--help"])
    assert done.returncode == 0 and done.text.startswith("usage:"), done.text
    assert not checkout.run(["git", "status", "--porcelain"]).text
