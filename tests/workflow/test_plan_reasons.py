"""Why jobs of a plan would run, in words."""

from pathlib import Path

import pytest
from planned_jobs import MISSING, PARAMETERS, SCRIPT, command, parts_of, write_record
from project import SMOKE

from planning.dry_run import PlannedJob
from planning.reasons import causes, why
from study.code_hash import code_hash, code_record


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs and records of made-up jobs are looked for below the working folder."""
    monkeypatch.chdir(tmp_path)


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
