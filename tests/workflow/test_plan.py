"""The plan: what would run, why, and about how long and how much memory it would take."""

import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from project import SECTIONS, SMOKE, Project, assert_says

import cli
from pipeline import dry_run
from pipeline.costs import START_SECONDS, Cost, cost, read_costs
from pipeline.dry_run import PlannedJob
from pipeline.estimates import estimates
from pipeline.expected import part_path, part_specs
from pipeline.plan_table import rows, show_plan, total
from study.errors import UserError
from study.load import load_config
from study.units import duration

LAPTOP, PAPER = (load_config({"preset": preset}) for preset in ("laptop", "paper"))

#: What Snakemake says where outputs are missing.
MISSING = "Missing output files: x"


def parts_of(key: str, config=SMOKE) -> list[PlannedJob]:
    """Return the planned jobs of all parts of a figure's table, as a dry run would name them."""
    place = key.split("_", 1)
    return [
        PlannedJob(
            rule=f"{key}_parts",
            outputs=[part_path(config.preset, *place, part)],
            reason=MISSING,
            resources={"mem_mb": 1234, "gpu": 0},
        )
        for part in part_specs(config, *place)
    ]


# ------------------------------------------------------------------------------- the estimates
def test_all_parts_of_a_measured_figure_take_together_what_was_measured():
    key = "marion2025_fig7"
    measured = cost(read_costs(), LAPTOP, *key.split("_"))
    found = estimates(parts_of(key, LAPTOP), LAPTOP, read_costs())
    together = sum(estimate.seconds for estimate in found)
    assert together == pytest.approx(measured.seconds - 2 * START_SECONDS)
    assert {estimate.longest for estimate in found} == {measured.longest}
    assert {estimate.mebibytes for estimate in found} == {measured.mebibytes}
    assert not any(estimate.predicted for estimate in found)


def test_a_figure_that_was_not_measured_is_predicted_and_says_so():
    key = "hanin2018_fig1b"
    found = estimates(parts_of(key, PAPER), PAPER, read_costs())
    assert all(estimate.predicted and estimate.mebibytes == 1234 for estimate in found)
    together = sum(estimate.seconds for estimate in found)
    predicted = cost(read_costs(), PAPER, *key.split("_"))
    assert predicted.predicted
    assert together == pytest.approx(predicted.seconds, rel=0.01)


def test_where_no_cost_is_known_the_time_is_not_known():
    none = pd.DataFrame(columns=read_costs().columns)
    found = estimates(parts_of("marion2025_fig7"), SMOKE, none)
    assert {(estimate.seconds, estimate.mebibytes) for estimate in found} == {(None, 1234.0)}
    download = PlannedJob("data_set", ["m.npz"], resources={"mem_mb": 2000})
    assert estimates([download], PAPER, none)[0].seconds is None


# ------------------------------------------------------------------------------- no plan
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('{"error": "MissingRuleException:\\nNo rule to produce x (?)"}', "nothing makes 'x'"),
        ('{"error": "AnotherError: 17", "kind": "E"}', "AnotherError: 17"),
        ('{"jobs": {}}\ndeepinit: there is no preset', "^there is no preset$"),
    ],
)
def test_what_cannot_be_planned_is_told(
    said: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """By a stand-in for Snakemake."""
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nprintf '%s\\n' '{said}'\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(dry_run.sys, "executable", str(python))
    with pytest.raises(UserError, match=told):
        dry_run.planned_jobs(["x"], [])


@pytest.mark.slow
def test_what_nothing_makes_is_told_from_the_words_of_snakemake_itself(checkout: Project):
    done = checkout.run(["python", "workflow/cli.py", "plan", "nonsense", "--preset", "smoke"])
    assert_says(done, "nothing makes 'nonsense'")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["marion2025_fig77"], "marion2025_fig77"),
        (["--preset", "big"], "big"),
        (["--config", "none.yaml"], "none.yaml"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(sys, "argv", ["cli.py", "plan", *words])
    assert cli.main() == 1
    assert said in capsys.readouterr().err


# ------------------------------------------------------------------------------- the table
def drawing(key: str) -> PlannedJob:
    return PlannedJob(key, [f"{key}.pdf"], reason=MISSING)


def test_there_is_a_row_per_figure_and_the_most_expensive_comes_first():
    cheap, dear = "luther2019_theory", "marion2025_fig7"
    verdicts = PlannedJob("gather_verdicts", ["v.csv"], reason=MISSING)
    jobs = [drawing(cheap), verdicts, *parts_of(dear), drawing(dear)]
    found = rows(jobs, estimates(jobs, SMOKE, read_costs()))
    parts = len(SECTIONS[dear].parts())
    assert [row[:2] for row in found] == [(dear, f"{parts + 1}"), (cheap, "1"), ("verdicts", "1")]


def test_the_time_on_some_cores_is_bounded_by_the_longest_job_and_by_the_sum():
    jobs = [drawing(f"marion2025_fig{number}") for number in range(4)]
    even, uneven = (
        [Cost(each, 1.0, longest=each) for each in t] for t in ([60] * 4, [600, 6, 6, 6])
    )
    assert "4 min of processor time, about 2 min on 2 cores" in total(jobs, even, 2)
    assert "about 10 min on 2 cores; the longest job 10 min" in total(jobs, uneven, 2)
    means = [Cost(600, 1.0) for _ in jobs]
    assert "the longest job at least 10 min" in total(jobs, means, 2)


def test_jobs_whose_time_is_not_known_are_named_and_not_counted(capsys: pytest.CaptureFixture):
    jobs = [*parts_of("marion2025_fig7"), drawing("luther2019_theory")]
    unknown = [Cost(None, 1000.0, predicted=True) for _ in jobs[1:]]
    show_plan(jobs, [*unknown, Cost(4.0, 100.0)], cores=2)
    text = capsys.readouterr().out
    assert "(marion2025_fig7)" in text and "about 4 s of processor time" in text
    show_plan(jobs[:1], unknown[:1], cores=2)
    assert "not known" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.2, "1 s"), (89, "89 s"), (600, "10 min"), (7200, "2.0 h"), (1e5, "28 h"), (1e6, "12 days")],
)
def test_times_are_told_in_the_unit_that_suits_them(value: float, words: str):
    assert duration(value) == words


# ------------------------------------------------------------------------------- by the real rules
@pytest.mark.slow
def test_the_plan_tells_what_changed_in_short(built_copy: Project):
    built_copy.append("deepinit/resnet/strong_convergence.py", "_EDITED = True")
    built_copy.append("study/style.mplstyle", "lines.linewidth: 3")
    built_copy.table("hanin2018_conv_maps").unlink()
    shutil.rmtree(built_copy.table("hanin2018_conv_maps").with_suffix(""))
    done = built_copy.run(["python", "workflow/cli.py", "plan", "--preset", "smoke"])
    assert done.returncode == 0, done.text
    lines = (line.rstrip() for line in done.text.splitlines())
    found = {line.split(" ")[0]: line for line in lines if line}
    assert "settings or code" in found["marion2025_limits"], done.text
    assert "missing output" in found["hanin2018_conv_maps"]
    assert found["luther2019_theory"].split()[1] == "1"
    assert found["luther2019_theory"].endswith("  input")
    assert "verdicts" in found and "pages" in found
    # Asked again in the same state, Snakemake itself plans the same number of jobs.
    assert f"\n{sum(built_copy.planned().values())} jobs: about " in done.text
