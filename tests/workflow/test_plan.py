"""The plan: what would run, why, and about how long and how much memory it would take."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from project import SECTIONS, SMOKE, Project, assert_says, sub_path

import plan
from costs import START_SECONDS, cost, read_costs
from deepinit.errors import UserError
from pipeline.adoption import Judgement
from pipeline.closure import code_hash, code_record
from pipeline.expected import expected_files, part_path, part_specs, table_path
from pipeline.load import load_config
from planning.copies import as_make_sees, in_words, judge_copies, made_anew
from planning.dry_run import PlannedJob
from planning.estimates import Estimate, estimates
from planning.reasons import causes, why
from planning.rows import Row, folded, rows
from planning.schedule import _BETWEEN_JOBS, most_memory, wall_seconds
from planning.show import show_plan
from planning.words import duration, memory

LAPTOP, PAPER = (load_config({"preset": preset}) for preset in ("laptop", "paper"))
SCRIPT = "scripts/marion2025/fig7.py"
MISSING = "Missing output files: x"
PARAMETERS = "Params have changed since last execution: Union of exclusive params"
PLAN = ["python", "workflow/plan.py"]


def a_job(name: str, *inputs: str, **more: Any) -> PlannedJob:
    return PlannedJob(rule="other", outputs=[name], inputs=list(inputs), **more)


def parts_of(key: str, config=SMOKE, **more: Any) -> list[PlannedJob]:
    """Return the planned jobs of all parts of a figure's table."""
    paper, figure = key.split("_", 1)
    return [
        PlannedJob(
            rule=f"{key}_parts",
            outputs=[part_path(config.preset, paper, figure, part)],
            logs=[f"logs/{part}.log"],
            resources={"mem_mb": 1234, "gpu": 0},
            command=command(spec),
            **more,
        )
        for part, spec in part_specs(config, paper, figure).items()
    ]


def command(spec: Mapping[str, Any], script: str = SCRIPT) -> str:
    return f"python workflow/job.py {script} --spec '{json.dumps(spec)}' --output x"


def write_record(job: PlannedJob, said: str | None = None, **record: Any) -> None:
    """Write log and run record of a job that succeeded."""
    log = Path(job.logs[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{said or job.command}\n")
    log.with_suffix(".json").write_text(json.dumps(record))


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
    found = {
        job.spec["depths"][0] * job.spec["networks"]: estimate.seconds - START_SECONDS
        for job, estimate in zip(jobs, estimates(jobs, config, costs), strict=True)
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


# ------------------------------------------------------------------------------- the reasons
def a_part(reason: str) -> PlannedJob:
    return parts_of("marion2025_fig7", reason=reason)[0]


def test_an_output_that_was_never_made_is_told_from_one_that_is_gone():
    job = a_part(MISSING)
    assert why([job]) == "never made"
    Path("logs").mkdir()
    Path(job.logs[0]).write_text("started")
    assert why([job]) == "was not finished, or is being made now"
    write_record(job, code="x")
    assert why([job]) == "its file is gone"


def test_changed_settings_are_named_with_both_values():
    job = a_part(PARAMETERS)
    old = {**job.spec, "draws": 99, "root_seed": 5}
    now_hash = code_hash("job.py", SCRIPT)
    write_record(job, command(old), code=now_hash)
    found = why([job])
    assert (
        found
        == f"settings changed: root_seed 5 → {SMOKE.root_seed}, draws 99 → {job.spec['draws']}"
    )


def test_changed_modules_and_packages_are_named():
    job = a_part(PARAMETERS)
    record = code_record("job.py", SCRIPT)
    before = {**record["modules"], "deepinit/seeds.py": "other", "deepinit/gone.py": "x"}
    pins = ["torch==0.1", *[pin for pin in record["pins"] if not pin.startswith("torch==")]]
    write_record(job, code="old", modules=before, pins=pins)
    assert why([job]) == "code changed: deepinit/gone.py, deepinit/seeds.py, torch"
    write_record(
        job, code="old", modules=record["modules"] | {"job.py": "other"}, pins=record["pins"]
    )
    assert why([job]) == "code changed: job.py"


def test_an_edited_input_is_named_and_one_that_is_made_anew_follows():
    assert why([a_part("Updated input files: workflow/a.csv, workflow/b.csv")]) == (
        "input changed: workflow/a.csv, workflow/b.csv"
    )
    drawing = PlannedJob(
        "marion2025_fig3",
        ["x.pdf"],
        reason="Input files updated by another job: results/smoke/tables/marion2025/fig1.parquet",
    )
    assert why([drawing]) == "what it reads is made anew: marion2025_fig1"


def test_several_causes_of_one_job_are_all_found():
    job = a_part(
        f"{PARAMETERS} before: 'a' now: 'b' ; Input files updated by another job: t.parquet"
    )
    write_record(job, command({**job.spec, "depth": 1}), code="old", modules={}, pins=[])
    assert [cause.kind for cause in causes(job)] == ["settings", "code", "follows"]


def test_what_is_not_understood_is_not_guessed():
    job = a_part(PARAMETERS)
    write_record(job, code=code_hash("job.py", SCRIPT))
    assert why([job]) == "it is called in another way"


# ------------------------------------------------------------------------------- the rows
def test_jobs_are_grouped_by_figure_and_the_most_expensive_comes_first():
    drawing = PlannedJob("marion2025_fig7", ["fig7.pdf"], reason=MISSING)
    table = PlannedJob(
        "gather", ["t"], reason=MISSING, wildcards={"paper": "marion2025", "figure": "fig7"}
    )
    cheap = PlannedJob("luther2019_theory", ["theory.pdf"], reason=MISSING)
    verdicts = PlannedJob("paper_verdicts", ["v.csv"], reason=MISSING)
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


# ------------------------------------------------------------------- what the rules really plan
_JOBS = """
import json, sys
sys.path.insert(0, 'workflow')
from planning.dry_run import planned_jobs
jobs = planned_jobs(['all'], ['--config', 'preset=smoke'])
print(json.dumps([[job.outputs, job.script, job.spec, job.figure, job.kind] for job in jobs]))
"""


def test_the_rules_give_their_jobs_exactly_what_is_expected_of_each_file(checkout: Project):
    done = checkout.run([sys.executable, "-c", _JOBS])
    assert done.returncode == 0, done.text
    planned = {
        path: (script, spec, figure, kind)
        for outputs, script, spec, figure, kind in json.loads(done.text)
        for path in outputs
    }
    expected = expected_files(SMOKE)
    assert {path for path, job in planned.items() if job[2]} == expected.keys()
    for path, file in expected.items():
        script, spec, figure, _ = planned[path]
        assert (script, spec) == (file.script, json.loads(json.dumps(file.spec)))
        assert sub_path(figure) in path
    table = table_path("smoke", "marion2025", "fig7")
    assert [planned[path][3] for path in (table, "results/smoke/verdicts/verdicts.csv")] == [
        "table",
        "other",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["marion2025_fig77"], "no figure 'marion2025_fig77'; did you mean 'marion2025_fig7'?"),
        (["--preset", "big"], "no preset 'big'; choose one of laptop, paper, smoke"),
        (["--config", "none.yaml"], "none.yaml cannot be read"),
        (["missing.pdf"], "there is no file"),
        (["missing.pdf", "all"], "planned alone"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(sys, "argv", ["plan.py", *words])
    assert plan.main() == 1
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_target_that_nothing_makes_is_told_without_a_traceback(checkout: Project):
    done = checkout.run([*PLAN, "nonsense", "--preset", "smoke"])
    assert_says(done, "nothing makes 'nonsense'", "a figure of 'make list'")


# ------------------------------------------------------------------------------- real results
@pytest.mark.slow
def test_after_a_build_the_plan_says_that_nothing_is_to_do(built: Project):
    done = built.run([*PLAN, "--preset", "smoke"])
    assert (done.returncode, done.text.strip()) == (0, "Everything is up to date.")


@pytest.mark.slow
def test_the_plan_names_settings_modules_inputs_and_missing_files(built_copy: Project):
    draws = SMOKE.marion2025.fig7.draws
    own = "preset: smoke\nmarion2025: {fig7: {draws: 3}}\n"
    (built_copy.path / "own.yaml").write_text(own)
    done = built_copy.run([*PLAN, "marion2025_fig7", "--config", "own.yaml"])
    assert f"settings changed: draws {draws} → 3" in done.text, done.text

    built_copy.append("deepinit/simulate/strong_convergence.py", "_EDITED = True")
    built_copy.append("figures/style.mplstyle", "lines.linewidth: 3")
    built_copy.table("hanin2018_conv_maps").unlink()
    shutil.rmtree(built_copy.table("hanin2018_conv_maps").with_suffix(""))
    done = built_copy.run([*PLAN, "--preset", "smoke", "--all"])
    lines = {line.split(" ")[0]: line for line in done.text.splitlines() if line}
    code = "code changed: deepinit/simulate/strong_convergence.py"
    assert code in lines["marion2025_limits"], done.text
    assert "its file is gone" in lines["hanin2018_conv_maps"]
    assert lines["luther2019_theory"].endswith("input changed: workflow/figures/style.mplstyle")
    assert "drawing " in lines["luther2019_theory"] and "part" not in lines["luther2019_theory"]
    assert "verdicts" in lines and "report" in lines
    # Asked again in the same state, Snakemake itself plans the same number of jobs.
    planned = sum(built_copy.planned().values())
    assert f"\n{planned} jobs: about " in done.text


@pytest.mark.slow
def test_a_damaged_result_is_planned_anew_like_make_does(built_copy: Project):
    table = built_copy.table("marion2025_fig7")
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    done = built_copy.run([*PLAN, "marion2025_fig7", "--preset", "smoke"])
    assert "damaged, or made from other files than lie there now" in done.text, done.text
    other = built_copy.run([*PLAN, "luther2019_theory", "--preset", "smoke"])
    assert "Everything is up to date." in other.text


@pytest.mark.slow
def test_a_plan_without_results_takes_its_costs_from_the_records_of_the_last_run(
    built_copy: Project,
):
    # All but the configuration in force, which only the report asks for.
    paths = set(built_copy.results.rglob("logs/**/*.json")) - {
        built_copy.results / "logs/config.json"
    }
    records = [json.loads(path.read_text()) for path in paths]
    for folder in ("tables", "figures", "verdicts"):
        shutil.rmtree(built_copy.results / folder)
    done = built_copy.run([*PLAN, "figures", "verdicts", "--preset", "smoke", "--cores", "1"])
    spent = sum(record["cpu_seconds"] for record in records)
    assert f"about {duration(spent)} of processor time" in done.text, done.text
    largest = max(record["peak_mebibytes"] for record in records)
    assert f"at most {memory(largest)} at a time on 1 core;" in done.text
    assert "~" not in done.text


@pytest.mark.slow
def test_a_plan_of_a_mailed_figure_says_whether_this_checkout_makes_the_same(
    built_copy: Project, tmp_path: Path
):
    figure = built_copy.results / "figures/marion2025/fig7.pdf"
    mailed = Path(shutil.copy(figure, tmp_path / "from a colleague.pdf"))
    done = built_copy.run([*PLAN, mailed])
    assert "marion2025_fig7, figure, preset smoke" in done.text, done.text
    # What it comes to stands first.
    assert "is up to date and has the very same bytes" in done.text.splitlines()[1]
    for words in ("settings: the same", "root seed: the same", "drawing: the same"):
        assert words in done.text

    built_copy.append("deepinit/seeds.py", "_EDITED = True")
    built_copy.replace("config/smoke.yaml", "\nmarion2025:", "\nroot_seed: 5\nmarion2025:")
    done = built_copy.run([*PLAN, mailed])
    assert f"root seed: here 5, there {SMOKE.root_seed}" in done.text, done.text
    assert "numbers of fig7: changed since its commit, in deepinit/seeds.py" in done.text
    assert "To make it here, results/smoke/figures/marion2025/fig7.pdf:" in done.text
    assert "code changed: deepinit/seeds.py" in done.text
    # The file's own root seed is planned with, and not the changed one.
    assert "root_seed" not in done.text.split("To make it here")[1]
    assert "a configuration of your own: add CONFIG=" in done.text

    (built_copy.path / "own.yaml").write_text(f"preset: smoke\nroot_seed: {SMOKE.root_seed}\n")
    done = built_copy.run([*PLAN, mailed, "--config", "own.yaml"])
    assert "root seed: the same" in done.text and "add CONFIG=" not in done.text, done.text


@pytest.mark.slow
def test_a_plan_may_be_made_while_a_run_is_at_work_and_does_not_disturb_it(built_copy: Project):
    part = built_copy.table("marion2025_fig1", "depth00010_block00")
    part.unlink()
    built_copy.table("marion2025_fig1").unlink()
    target = table_path("smoke", "marion2025", "fig1")
    running = subprocess.Popen(
        built_copy.arguments("--cores", "1", target),
        cwd=built_copy.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        locks = built_copy.path / ".snakemake/locks"
        deadline = time.monotonic() + 60
        while not (locks.is_dir() and any(locks.iterdir())):
            assert time.monotonic() < deadline and running.poll() is None
            time.sleep(0.05)
        running.send_signal(signal.SIGSTOP)
        done = built_copy.run([*PLAN, target, "--preset", "smoke"])
        running.send_signal(signal.SIGCONT)
        assert done.returncode == 0, done.text
        assert "marion2025_fig1" in done.text and "of processor time" in done.text
        assert running.wait(120) == 0
    finally:
        running.kill()
    assert part.is_file()
