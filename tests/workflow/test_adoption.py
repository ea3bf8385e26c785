"""Results that were copied into a clone: what fits is taken over, and nothing else."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from faults import date_at_random, flip_bit, in_numbers
from PIL import Image
from project import SECTIONS, SMOKE, Project

import adopt
import prepare
from pipeline.snakemake_metadata import known_outputs
from study.errors import UserError

ADOPT = ["python", "workflow/adopt.py", "smoke"]
PLAN = ["python", "workflow/plan.py", "--preset", "smoke"]
LOCK = Path(".snakemake/locks/0.output.lock")
FIGURES = [Path(f"results/smoke/figures/marion2025/{key}.png") for key in ("fig1", "fig7")]
#: Prints which files do not fit, and why, and renames nothing.
JUDGE = """
import json, sys
sys.path.insert(0, "workflow")
from adopt import all_files
from pipeline.adoption import judge
from study.load import load_config
given = {"preset": "smoke", **json.loads(sys.argv[1])}
print(json.dumps(judge(all_files(load_config(given))).unfit))
"""


@pytest.fixture
def copied(built: Project, unbuilt_copy: Project) -> Project:
    """Return a fresh checkout into which somebody has copied results; all dates are random."""
    shutil.copytree(built.results, unbuilt_copy.results)
    date_at_random(unbuilt_copy, np.random.default_rng(20240607))
    return unbuilt_copy


def unfit(project: Project, **settings: dict) -> dict[str, str]:
    """Return path below results/smoke ↦ why it does not fit."""
    done = project.run(["python", "-c", JUDGE, json.dumps(settings)])
    assert done.returncode == 0, done.text
    found = json.loads(done.text)
    return {str(Path(path).relative_to("results/smoke")): reason for path, reason in found.items()}


@pytest.mark.slow
def test_adopted_results_are_not_made_anew_and_a_later_change_makes_what_it_must(copied: Project):
    before = copied.outcome()
    plan = copied.run(PLAN)
    assert f"judges them first (taken over: {len(before) + 1})." in plan.text, plan.text
    assert "\n1 job: about" in plan.text
    done = copied.run(ADOPT)
    assert done.returncode == 0 and "set aside" not in done.text, done.text
    assert f"{len(before) + 1} results that were not made here fit" in done.text
    # The report shows when and how each file was made here, so it is another one here.
    assert copied.planned() == {"report": 1}
    assert copied.outcome() == before
    copied.append("papers/marion2025/fig1/present.py", "_EDITED = True")
    drawn = {"marion2025_fig1": 1, "marion2025_fig3": 1}
    assert copied.planned() == {**drawn, "verdicts_page": 1, "report": 1}
    config = ("root_seed=1",)
    random = {key for key, section in SECTIONS.items() if section.parts() and section.random}
    planned = copied.planned(config=config)
    assert {f"{key}_parts" for key in random} <= planned.keys()


@pytest.mark.slow
def test_make_takes_over_what_fits_and_makes_the_rest(copied: Project):
    before = copied.outcome()
    table = copied.results / "tables/luther2019/theory.parquet"
    flip_bit(table)
    plan = copied.run([*PLAN, "luther2019_theory"])
    words = "a copy that does not fit: its content is not what its job wrote, made from other files"
    assert words in plan.text and "\n2 jobs: about" in plan.text, plan.text
    assert not list(copied.results.rglob("*.unfit")) and not list(copied.results.rglob("*.damaged"))
    command = ["python", "workflow/build.py", "luther2019_theory", "--preset", "smoke"]
    done = copied.run(command)
    assert done.returncode == 0 and "2 of 2 jobs done" in done.text, done.text
    assert "theory.parquet is damaged" in done.text and "taken over" in done.text
    assert "theory: computing" not in done.text and "theory: putting the table" in done.text
    table.with_name("theory.parquet.damaged").unlink()
    aside = {path.name for path in copied.results.rglob("*.unfit")}
    # The drawing had been made from the table as it was, which was not there when it was judged.
    assert {"theory.pdf.unfit", "theory.png.unfit"} <= aside
    for path in copied.results.rglob("*.unfit"):
        path.unlink()
    after = copied.outcome()
    theirs = {name for name in after if "luther2019/theory" in name}
    assert len(theirs) >= 4 and all(after[name] == before[name] for name in theirs)


@pytest.mark.slow
def test_results_of_other_settings_are_not_taken_over_nor_what_follows_from_them(copied: Project):
    found = unfit(copied, marion2025={"fig7": {"draws": 3}})
    parts = [name for name in found if name.startswith("tables/marion2025/fig7/")]
    assert len(parts) == len(SECTIONS["marion2025_fig7"].parts())
    assert all(found[name] == "made with other settings (draws)" for name in parts)
    assert found["tables/marion2025/fig7.parquet"] == "made from files that do not fit"
    assert found["figures/marion2025/fig7.pdf"].startswith("made with other settings")
    assert found["verdicts/marion2025/fig7.csv"].startswith("made with other settings")
    assert not any("fig1." in name or "luther2019" in name for name in found)


@pytest.mark.slow
def test_a_table_of_fewer_parts_than_the_settings_have_is_not_taken_over(copied: Project):
    found = unfit(copied, marion2025={"fig1": {"networks": 51}})
    assert found["tables/marion2025/fig1.parquet"] == (
        "made from other parts than these settings have"
    )
    # What has been computed still counts.
    assert not any(name.startswith("tables/marion2025/fig1/") for name in found)


@pytest.mark.slow
def test_results_of_other_code_are_not_taken_over(copied: Project):
    copied.append("deepinit/resnet/strong_convergence.py", "_EDITED = True")
    found = unfit(copied)
    assert found["verdicts/marion2025/limits.csv"] == "made from files that do not fit"
    limits = {name: why for name, why in found.items() if "limits" in name}
    assert {why for name, why in limits.items() if "limits/" in name} == {"made by other code"}
    assert all("limits" in name or name.startswith("verdicts/") for name in found)


@pytest.mark.slow
def test_without_records_only_whole_parts_are_taken_over(copied: Project):
    shutil.rmtree(copied.results / "logs")
    part = copied.table("marion2025_fig1", "depth00010_block00")
    flip_bit(part, at=in_numbers(part))
    found = unfit(copied)
    name = part.relative_to(copied.results).as_posix()
    assert "damaged" in found[name]
    assert {path for path in found if path.count("/") == 3} == {name}
    assert found["tables/marion2025/fig1.parquet"] == "nothing says from which files it was made"
    assert found["verdicts/marion2025/fig1.csv"] == "nothing says what made it"


@pytest.mark.slow
def test_all_outputs_of_a_build_are_known_from_snakemakes_own_records(built: Project):
    known = known_outputs(built.path / ".snakemake")
    assert {f"results/smoke/{name}" for name in built.outcome()} <= known


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stand in a folder with old drawings that do not say what made them; return their paths."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ADOPT[1:])
    for path in FIGURES:
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(path)
    return FIGURES


def draw(path: Path, date: float = 0.0) -> None:
    """Write an image at `path` that was written at `date`."""
    Image.new("L", (8, 8)).save(path)
    os.utime(path, (date, date))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_does_not_fit_is_set_aside_beside_what_was_set_aside_before(foreign: list[Path]):
    assert adopt.main() == 0
    draw(foreign[0])
    assert adopt.main() == 0
    expected = {"fig1.png.unfit", "fig1.png.unfit.2", "fig7.png.unfit"}
    assert names(foreign[0].parent) == expected


def test_making_one_figure_leaves_files_of_others_that_do_not_fit(foreign: list[Path]):
    assert "--forcerun" not in prepare.prepare(SMOKE, "marion2025_fig7", [])
    assert names(foreign[0].parent) == {"fig1.png", "fig7.png.unfit"}


def test_a_figure_whose_files_do_not_fit_is_one_line_and_how_to_be_rid_of_them_is_said(
    foreign: list[Path], capsys: pytest.CaptureFixture
):
    foreign[0].with_suffix(".pdf").write_text("no PDF")
    for path in foreign:
        # Copied just now, as `cp -r` dates it.
        os.utime(path)
    assert adopt.main() == 0
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith("deepinit: 2 files of marion2025_fig1 do not fit: damaged, or nothing")
    assert second.startswith(f"deepinit: {foreign[1]} does not fit: ")
    assert last.endswith("find results/smoke -name '*.unfit*' -delete")
    aside = {"fig1.png.unfit", "fig1.pdf.unfit", "fig7.png.unfit"}
    assert names(foreign[0].parent) == aside
    subprocess.run(last.split(": ")[-1], shell=True, check=True)
    assert names(foreign[0].parent) == set()


@contextmanager
def _a_job_writes(path: Path) -> Iterator[None]:
    """Let a process look like a job that was started by hand and writes a file."""
    Path("workflow").mkdir()
    Path("workflow/job.py").write_text("print(flush=True)\ninput()\n")
    words = [sys.executable, "workflow/job.py", "scripts/x.py", "--output", str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as job:
        job.stdout.readline()
        yield
        job.communicate(b"\n")


def test_a_file_that_a_job_is_writing_is_never_called_unfit_but_made_anew(
    foreign: list[Path], capsys: pytest.CaptureFixture
):
    with _a_job_writes(foreign[1]):
        assert adopt.main() == 0
        assert f"being written: {foreign[1]}. Run again" in capsys.readouterr().out
        assert names(foreign[0].parent) == {"fig1.png.unfit", "fig7.png"}
        words = prepare.prepare(SMOKE, "marion2025_fig7", [])
        assert words[-2:] == ["--forcerun", foreign[1].as_posix()]
    assert adopt.main() == 0
    assert names(foreign[0].parent) == {"fig1.png.unfit", "fig7.png.unfit"}


def test_a_file_that_was_written_while_it_was_judged_is_left(
    foreign: list[Path], monkeypatch: pytest.MonkeyPatch
):
    judge = adopt.judge

    def written_meanwhile(files: dict) -> object:
        judgement = judge(files)
        draw(foreign[1], date=1.0)
        return judgement

    monkeypatch.setattr(adopt, "judge", written_meanwhile)
    left = adopt.adopt(SMOKE, [], [path.as_posix() for path in foreign])
    assert left == [foreign[1].as_posix()]
    assert names(foreign[0].parent) == {"fig1.png.unfit", "fig7.png"}


def test_nothing_is_adopted_where_a_run_is_working(
    foreign: list[Path], capsys: pytest.CaptureFixture
):
    LOCK.parent.mkdir(parents=True)
    LOCK.write_text(f"{foreign[0]}\n")
    assert adopt.main() == 1
    assert "make unlock" in capsys.readouterr().err and all(path.exists() for path in foreign)
    for path in foreign:
        path.unlink()
    assert adopt.main() == 1
    assert "make unlock" in capsys.readouterr().err


def test_nothing_is_renamed_once_a_run_has_started_during_the_judgement(
    foreign: list[Path], monkeypatch: pytest.MonkeyPatch
):
    judge = adopt.judge

    def a_run_starts_meanwhile(files: dict) -> object:
        judgement = judge(files)
        LOCK.parent.mkdir(parents=True)
        LOCK.write_text(f"{foreign[0]}\n")
        return judgement

    monkeypatch.setattr(adopt, "judge", a_run_starts_meanwhile)
    with pytest.raises(UserError, match="make unlock"):
        adopt.adopt(SMOKE, [], [path.as_posix() for path in foreign])
    assert all(path.exists() for path in foreign)
