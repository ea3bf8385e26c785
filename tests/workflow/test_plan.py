"""The plan: what would run, why, and about how long and how much memory it would take."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from planned_jobs import MISSING, command, parts_of, write_record
from project import SECTIONS, SMOKE

import plan
from costs import START_SECONDS, cost, read_costs
from pipeline.adoption import Judgement
from pipeline.expected import table_path
from planning.copies import as_make_sees, in_words, judge_copies, made_anew
from planning.dry_run import PlannedJob
from planning.estimates import Estimate, estimates
from planning.reasons import why
from planning.rows import Row, folded, rows
from planning.schedule import _BETWEEN_JOBS, most_memory, wall_seconds
from planning.show import show_plan
from planning.words import duration, memory
from study.errors import UserError
from study.load import load_config

LAPTOP, PAPER = (load_config({"preset": preset}) for preset in ("laptop", "paper"))


def a_job(name: str, *inputs: str, **more: Any) -> PlannedJob:
    return PlannedJob(rule="other", outputs=[name], inputs=list(inputs), **more)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs and records of made-up jobs are looked for below the working folder."""
    monkeypatch.chdir(tmp_path)


# ------------------------------------------------------------------------------- the schedule
def seconds(*values: float) -> list[Estimate]:
    return [Estimate(value - _BETWEEN_JOBS, 100.0) for value in values]


def test_independent_jobs_share_the_cores_and_the_longest_bounds_the_time():
    jobs = [a_job(name) for name in "abcd"]
    assert wall_seconds(jobs, seconds(1, 1, 1, 1), cores=2) == pytest.approx(2)
    assert wall_seconds(jobs, seconds(9, 1, 1, 1), cores=2) == pytest.approx(9)
    assert wall_seconds(jobs, seconds(9, 1, 1, 1), cores=1) == pytest.approx(12)


def test_a_job_waits_for_all_its_inputs_that_are_made():
    jobs = [a_job("drawing", "table", "style"), a_job("table", "a", "b"), a_job("a"), a_job("b")]
    assert wall_seconds(jobs, seconds(1, 2, 3, 5), cores=8) == pytest.approx(5 + 2 + 1)


def test_jobs_of_a_higher_priority_start_first():
    jobs = [a_job("short"), a_job("second"), a_job("long", priority=5)]
    assert wall_seconds(jobs, seconds(2, 2, 4), cores=2) == pytest.approx(4)
    late = [a_job("short"), a_job("second"), a_job("long")]
    assert wall_seconds(late, seconds(2, 2, 4), cores=2) == pytest.approx(6)


def test_jobs_on_gpus_wait_for_a_free_one_and_others_go_on():
    jobs = [a_job("a"), a_job("b"), a_job("c")]
    on_gpu = [Estimate(5 - _BETWEEN_JOBS, 1.0, gpu=True)] * 2
    found = [*on_gpu, *seconds(1)]
    assert wall_seconds(jobs, found, cores=3, gpus=1) == pytest.approx(10)
    assert wall_seconds(jobs, found, cores=3, gpus=2) == pytest.approx(5)


def test_the_memory_at_a_time_is_that_of_as_many_largest_jobs_as_there_are_cores():
    found = [Estimate(1.0, mebibytes) for mebibytes in (100.0, 700.0, 300.0)]
    assert most_memory(found, 1) == 700
    assert most_memory(found, 2) == 1000
    assert most_memory(found, 99) == 1100


# ------------------------------------------------------------------------------- the estimates
def test_what_the_same_job_took_here_counts_first():
    jobs = parts_of("marion2025_fig7")
    write_record(jobs[0], device="cpu", cpu_seconds=12.5, wall_seconds=99, peak_mebibytes=777)
    found = estimates(jobs, SMOKE, read_costs())
    assert found[0] == Estimate(12.5, 777.0)
    assert found[1] != found[0]


def test_a_record_of_other_settings_does_not_count():
    (job, *_) = parts_of("marion2025_fig7")
    other = command({**job.spec, "depth": 1})
    write_record(job, other, device="cpu", cpu_seconds=12.5, wall_seconds=9, peak_mebibytes=777)
    assert estimates([job], SMOKE, read_costs())[0].seconds != 12.5


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"device": 3}'])
def test_a_record_that_cannot_be_read_does_not_count(text: str):
    (job, *_) = parts_of("marion2025_fig7")
    write_record(job)
    Path(job.logs[0]).with_suffix(".json").write_text(text)
    assert estimates([job], SMOKE, read_costs())[0].mebibytes != 777


def test_all_parts_of_a_measured_figure_take_together_what_was_measured():
    key = "marion2025_fig7"
    measured = cost(read_costs(), LAPTOP, *key.split("_"))
    found = estimates(parts_of(key, LAPTOP), LAPTOP, read_costs())
    together = sum(estimate.seconds for estimate in found)
    assert together == pytest.approx(measured.seconds - 2 * START_SECONDS)
    assert max(estimate.seconds for estimate in found) == pytest.approx(measured.longest)
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


def test_of_a_predicted_figure_the_deepest_networks_take_the_longest():
    own = {"fig1": {"depths": [10, 1000, 10000], "networks": 60}}
    config = load_config({"preset": "mine", "base": "laptop", "marion2025": own})
    jobs = parts_of("marion2025_fig1", config)
    costs = read_costs()
    points = [job.spec["points"][0] for job in jobs]
    found = {
        point["depth"] * point["networks"]: estimate.seconds - START_SECONDS
        for point, estimate in zip(points, estimates(jobs, config, costs), strict=True)
    }
    assert found[10000 * 50] == pytest.approx(5 * found[10000 * 10])
    assert found[10000 * 50] == pytest.approx(10 * found[1000 * 50])
    together = sum(found.values()) + START_SECONDS * (len(jobs) + 2)
    assert together == pytest.approx(cost(costs, config, "marion2025", "fig1").seconds, rel=0.02)


def test_where_no_cost_is_known_the_time_is_not_known():
    none = pd.DataFrame(columns=read_costs().columns)
    found = estimates(parts_of("marion2025_fig7"), SMOKE, none)
    assert {(estimate.seconds, estimate.mebibytes) for estimate in found} == {(None, 1234.0)}
    download = PlannedJob("data_set", ["m.npz"], resources={"mem_mb": 2000})
    assert estimates([download], PAPER, none)[0].seconds is None


# ------------------------------------------------------------------------------- the rows
def test_jobs_are_grouped_by_figure_and_the_most_expensive_comes_first():
    drawing = PlannedJob("marion2025_fig7", ["fig7.pdf"], reason=MISSING)
    table = PlannedJob(
        "gather", ["t"], reason=MISSING, wildcards={"paper": "marion2025", "figure": "fig7"}
    )
    cheap = PlannedJob("luther2019_theory", ["theory.pdf"], reason=MISSING)
    verdicts = PlannedJob("verdicts_page", ["v.csv"], reason=MISSING)
    jobs = [cheap, verdicts, *parts_of("marion2025_fig7", reason=MISSING), table, drawing]
    found = rows(jobs, estimates(jobs, SMOKE, read_costs()))
    parts = len(SECTIONS["marion2025_fig7"].parts())
    assert [(row.name, row.jobs) for row in found] == [
        ("marion2025_fig7", f"{parts} parts, table, drawing"),
        ("luther2019_theory", "drawing"),
        ("verdicts", "1 job"),
    ]
    assert {row.reason for row in found} == {"never made"}


def test_of_many_figures_the_cheaper_ones_are_put_together_by_reason():
    def row(index: int) -> Row:
        reason = "never made" if index % 2 else f"settings changed: draws {index} → 9"
        return Row(f"p_{index}", "1 part", reason, [Estimate(100.0 - index, 1.0)], True)

    every = [*map(row, range(36)), Row("verdicts", "4 jobs", "x", [Estimate(1.0, 1.0)], False)]
    shown = folded(every)
    assert [row.name for row in shown] == [
        *(f"p_{index}" for index in range(8)),
        "14 more figures",
        "14 more figures",
        "verdicts",
    ]
    assert {row.reason for row in shown[8:10]} == {"never made", "settings changed"}
    assert sum(row.seconds for row in shown) == sum(row.seconds for row in every)
    assert folded(every[:12]) == every[:12]


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.2, "1 s"), (89, "89 s"), (600, "10 min"), (7200, "2.0 h"), (1e5, "28 h"), (1e6, "12 days")],
)
def test_times_are_told_in_the_unit_that_suits_them(value: float, words: str):
    assert duration(value) == words


def test_memory_is_told_in_the_unit_that_suits_it():
    assert [memory(500), memory(1536)] == ["500 MiB", "1.5 GiB"]


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", ""])
def test_a_number_of_cores_that_is_none_is_refused(text: str):
    with pytest.raises(UserError, match="whole number or 'all'"):
        plan.number_of_cores(text)


def test_results_that_are_not_as_they_were_made_are_found_unless_a_run_is_writing_them():
    table = Path(table_path("smoke", "marion2025", "fig7"))
    table.parent.mkdir(parents=True)
    table.write_bytes(b"no table")

    def found(*targets: str) -> list[str]:
        return plan.not_as_made(SMOKE, plan.files_of_targets(SMOKE, list(targets)))

    assert found("all") == found("marion2025_fig7") == [str(table)]
    assert found("luther2019_theory", "verdicts") == []
    locks = Path(".snakemake/locks")
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text(f"{table}\n")
    assert found("all") == []


# ------------------------------------------------------------------------------- the sums
def shown(jobs: list[PlannedJob], found: list[Estimate], capsys: pytest.CaptureFixture) -> str:
    show_plan(jobs, found, cores=2)
    return capsys.readouterr().out


def test_where_the_time_of_parts_is_not_known_the_others_are_not_called_the_sum(
    capsys: pytest.CaptureFixture,
):
    jobs = [*parts_of("marion2025_fig7", reason=MISSING), a_job("x", reason=MISSING)]
    unknown = [Estimate(None, 1000.0, predicted=True) for _ in jobs[1:]]
    text = shown(jobs, [*unknown, Estimate(4.0, 100.0)], capsys)
    assert "how long they take is not known" in text and "(marion2025_fig7)" in text
    assert "; the others take about 4 s of processor time." in text
    # Only the memory was predicted.
    assert "~ predicted: memory" in text and "more than" not in text


def test_downloads_count_beside_the_sum(capsys: pytest.CaptureFixture):
    download = PlannedJob("data_set", ["m.npz"], wildcards={"data_set": "mnist"}, reason=MISSING)
    jobs = [download, a_job("x", reason=MISSING)]
    text = shown(jobs, [Estimate(None, 1.0), Estimate(4.0, 1.0)], capsys)
    assert "about 4 s of processor time, 4 s on 2 cores; 1 download beside that" in text
    text = shown([download], [Estimate(None, 1.0)], capsys)
    assert "how long a download takes is not known" in text


# ------------------------------------------------------------------------------- copied results
PART, OTHER_PART = (f"results/smoke/tables/p/f/{name}.parquet" for name in "ab")
TABLE, DRAWING = "results/smoke/tables/p/f.parquet", "results/smoke/figures/p/f.pdf"


def test_copies_that_fit_are_not_planned_and_others_say_why_they_do_not():
    copies = Judgement([PART], {DRAWING: "made by other code"})
    jobs = [a_job(path, reason="Updated input files: x") for path in (PART, TABLE, DRAWING)]
    table, drawing = as_make_sees(jobs, copies)
    assert table == jobs[1]
    assert drawing.outputs == [DRAWING]
    assert why([drawing]) == "a copy that does not fit: made by other code"
    assert "here: 2. `make` judges them first (taken over: 1, set aside" in in_words(copies)
    assert in_words(Judgement()) == ""


def test_a_part_that_does_not_fit_is_missed_only_where_its_table_is_made():
    parts = {PART: "x", OTHER_PART: "x"}
    assert made_anew(Judgement([], parts), []) == []
    assert made_anew(Judgement([], parts), [TABLE]) == [PART, OTHER_PART]
    assert made_anew(Judgement([], {**parts, TABLE: "x"}), []) == [PART, OTHER_PART, TABLE]


def test_copies_are_judged_for_the_plan_as_make_judges_them_and_nothing_is_renamed():
    path = Path(table_path("smoke", "marion2025", "fig7"))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no table")
    wanted = plan.files_of_targets(SMOKE, ["marion2025_fig7"])
    assert judge_copies(SMOKE, wanted).unfit.keys() == {str(path)} and path.exists()
    other = plan.files_of_targets(SMOKE, ["luther2019_theory"])
    assert judge_copies(SMOKE, other) == Judgement()


# ------------------------------------------------------------------------------- what is asked
def test_a_figure_is_planned_with_its_table_and_how_to_see_each_figure_is_a_whole_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    asked = []

    def dry_run(targets: list[str], *_: Any) -> list[PlannedJob]:
        asked.extend(targets)
        keys = [key for key, section in SECTIONS.items() if section.parts()]
        return [job for key in keys for job in parts_of(key, reason=MISSING)]

    monkeypatch.setattr(plan, "planned_jobs", dry_run)
    plan.plan(["marion2025_fig7"], "smoke", "", 2, every=False)
    assert asked == ["marion2025_fig7", table_path("smoke", "marion2025", "fig7")]
    command = "python workflow/plan.py marion2025_fig7 --preset smoke --all"
    assert f"A line for each figure: {command}\n" in capsys.readouterr().out
