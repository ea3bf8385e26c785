"""What lies in the results: damage is found and mended, copies that fit are kept, and nothing else is."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from faults import date_at_random, flip_bit, in_numbers
from PIL import Image
from project import SECTIONS, SMOKE, Project, assert_says, making

from commands import check as check_results
from pipeline import judgement, prepare
from pipeline.judgement import judge
from pipeline.runs import leave_note
from study.errors import UserError
from study.files import set_aside, sha256

MAKE = making("all", "--cores", "2")
PLAN = ["python", "workflow/cli.py", "plan", "--preset", "smoke"]
CHECK = ["python", "workflow/cli.py", "check", "smoke"]
FIGURES = [f"results/smoke/figures/marion2025/{key}.png" for key in ("fig1", "fig7")]
TABLE = "results/smoke/tables/hanin2018/fig1a.csv"
#: Prints which files are damaged or do not fit, and renames nothing.
JUDGE = """
import json, sys
sys.path.insert(0, "workflow")
from pipeline.judgement import all_files, judge
from study.load import load_config
found = judge(all_files(load_config({"preset": "smoke", **json.loads(sys.argv[1])})))
print(json.dumps([sorted(found.damaged), sorted(found.unfit)]))
"""


def judged(project: Project, **settings: dict) -> list[list[str]]:
    """Return the damaged and the unfit files, below results/smoke."""
    done = project.run(["python", "-c", JUDGE, json.dumps(settings)])
    assert done.returncode == 0, done.text
    return [[name.removeprefix("results/smoke/") for name in f] for f in json.loads(done.text)]


def made(project: Project, words: list[str] = MAKE) -> str:
    done = project.run(words)
    assert done.returncode == 0 and "Traceback" not in done.text, done.text
    return done.text


def aside(project: Project) -> set[str]:
    """Return the names of what was set aside, and remove it."""
    found = [path for path in project.results.rglob("*") if path.suffix in (".damaged", ".unfit")]
    for path in found:
        path.unlink()
    return {path.name for path in found}


# ------------------------------------------------------------------------------- damage
def damageable(project: Project) -> list[Path]:
    """Return one result of each kind."""
    folder = project.results
    return [
        project.table("hanin2018_conv_maps", "maps"),
        project.table("hanin2018_conv"),
        folder / "figures/hanin2018/fig1a.pdf",
        folder / "figures/hanin2018/conv_maps.png",
        folder / "verdicts/hanin2018/fig1a.csv",
        folder / "config.yaml",
    ]


@pytest.mark.slow
def test_what_is_damaged_or_gone_is_named_and_made_again_as_it_was_whatever_the_dates(
    built_copy: Project,
):
    before, damaged = built_copy.outcome(), damageable(built_copy)
    date_at_random(built_copy, np.random.default_rng(20240607))
    for path in damaged:
        flip_bit(path)
    gone = (
        "figures/hanin2018/conv.png",
        "verdicts/verdicts.csv",
        "tables/hanin2018/fig1a.parquet",
        "tables/luther2019/theory.parquet",
    )
    for name in gone:
        (built_copy.results / name).unlink()
    # Parts are missed with their table, and only then.
    for key in ("luther2019_theory", "marion2025_fig7"):
        shutil.rmtree(built_copy.table(key).with_suffix(""))
    assert_says(built_copy.run(CHECK), *(path.name for path in damaged))
    plan = made(built_copy, PLAN)
    assert "hanin2018_conv_maps" in plan and "hanin2018_fig1a" in plan, plan
    text = made(built_copy)
    assert all(str(path.relative_to(built_copy.path)) in text for path in damaged)
    for piece in ("hanin2018 fig1a: putting the table together", "jobs done, ", "index.html"):
        assert piece in text
    assert aside(built_copy) == {f"{path.name}.damaged" for path in damaged}
    parts = "tables/marion2025/fig7/"
    assert built_copy.outcome() == {k: v for k, v in before.items() if parts not in k}
    assert "Everything is up to date." in made(built_copy)
    assert built_copy.run(CHECK).returncode == 0
    built_copy.append("papers/marion2025/fig7/compute.py", "_EDITED = True")
    count = len(SECTIONS["marion2025_fig7"].parts())
    assert built_copy.planned("marion2025_fig7")["marion2025_fig7_parts"] == count


@pytest.mark.slow
def test_a_damaged_file_of_a_cache_is_named_and_the_link_to_it_stays(
    built_copy: Project, tmp_path: Path
):
    part, cached = damageable(built_copy)[0], tmp_path / "cached.parquet"
    part.rename(cached)
    part.symlink_to(cached)
    make = making("hanin2018_conv_maps")
    assert "up to date" in made(built_copy, make)
    flip_bit(cached, at=in_numbers(cached))
    assert_says(built_copy.run(make), part.name, str(cached))
    assert_says(built_copy.run(CHECK), part.name)
    assert part.is_symlink() and cached.exists()


# ------------------------------------------------------------------------------- copies
@pytest.fixture
def copied(built: Project, unbuilt_copy: Project) -> Project:
    """Return a fresh checkout into which somebody has copied results; all dates are random."""
    shutil.copytree(built.results, unbuilt_copy.results)
    date_at_random(unbuilt_copy, np.random.default_rng(20240607))
    return unbuilt_copy


@pytest.mark.slow
def test_copies_that_fit_are_kept_and_a_later_change_makes_what_it_must(copied: Project):
    before = copied.outcome()
    assert made(copied, PLAN) == "Everything is up to date.\n"
    made(copied)
    assert copied.outcome() == before and not aside(copied)
    # Snakemake knows them now, also without what `make` does before it.
    assert copied.planned() == {}
    copied.append("papers/luther2019/theory/present.py", "_EDITED = True")
    assert copied.planned() == {"luther2019_theory": 1, "pages": 1}
    # Known ones are replaced, and not set aside; nor is anything fresh because records were lost.
    shutil.rmtree(copied.path / ".snakemake/metadata")
    made(copied, making("luther2019_theory"))
    assert not aside(copied) and copied.planned("luther2019_theory") == {}


@pytest.mark.slow
def test_copies_that_are_damaged_or_do_not_fit_are_set_aside_and_made_again(copied: Project):
    before = copied.outcome()
    table = copied.table("luther2019_theory")
    flip_bit(table)
    plan = made(copied, [*PLAN, "luther2019_theory"])
    assert "\n2 jobs: about" in plan and not aside(copied), plan
    text = made(copied, making("luther2019_theory"))
    assert "2 of 2 jobs done" in text, text
    assert {"theory.parquet.damaged", "theory.pdf.unfit", "theory.png.unfit"} <= aside(copied)
    assert copied.outcome() == before


@pytest.mark.slow
def test_results_of_other_settings_or_code_do_not_fit_nor_what_follows_from_them(copied: Project):
    copied.append("deepinit/resnet/strong_convergence.py", "_EDITED = True")
    _, unfit = judged(copied, marion2025={"fig7": {"draws": 3}, "fig1": {"networks": 51}})
    parts = [name for name in unfit if name.startswith("tables/marion2025/fig7/")]
    assert len(parts) == len(SECTIONS["marion2025_fig7"].parts())
    for name in ("tables/marion2025/fig7.parquet", "figures/marion2025/fig7.pdf"):
        assert name in unfit
    # A table of fewer parts than there are now does not fit; the parts do.
    assert "tables/marion2025/fig1.parquet" in unfit
    assert not any(name.startswith("tables/marion2025/fig1/") for name in unfit)
    assert "tables/marion2025/limits.parquet" in unfit
    fit = ("luther2019/", "hanin2018/", "marion2025/fig2.", "marion2025/lognormal")
    assert not any(piece in name for piece in fit for name in unfit)
    # The pages show all of it.
    assert "index.html" in unfit and "pages/luther2019.html" in unfit


@pytest.mark.slow
def test_without_records_only_whole_parts_fit(copied: Project):
    shutil.rmtree(copied.results / "logs")
    part, other = (copied.table("marion2025_limits", law) for law in ("independent", "smooth"))
    flip_bit(part, at=in_numbers(part))
    damaged, unfit = judged(copied)
    assert damaged == [part.relative_to(copied.results).as_posix()]
    assert {"tables/marion2025/limits.parquet", "verdicts/marion2025/limits.csv"} <= set(unfit)
    assert not any(name.count("/") == 3 for name in unfit)
    made(copied, making("marion2025_limits"))
    # Parts that were taken over have a checksum from now on.
    flip_bit(other, at=0)
    assert len(judged(copied)[0]) == 1


# ------------------------------------------------------------------------------- one file at a time
@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stand in a folder with drawings that do not say what made them; return their paths."""
    monkeypatch.chdir(tmp_path)
    for path in map(Path, FIGURES):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8)).save(path)
    return [Path(path) for path in FIGURES]


def names(path: Path) -> set[str]:
    return {path.name for path in path.parent.iterdir()}


def test_making_one_figure_sets_its_own_files_aside_and_leaves_those_of_others(foreign: list[Path]):
    assert "--forcerun" not in prepare.prepare(SMOKE, "marion2025_fig7", [])
    assert names(foreign[0]) == {"fig1.png", "fig7.png.unfit"}


def test_what_is_set_aside_leaves_what_was_set_aside_before(tmp_path: Path):
    path = tmp_path / "fig.pdf"
    for text in "abc":
        path.write_text(text)
        set_aside(path, "damaged")
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert found == {"fig.pdf.damaged": "a", "fig.pdf.damaged.2": "b", "fig.pdf.damaged.3": "c"}


def test_a_file_that_a_job_is_writing_is_left_and_made_again(foreign: list[Path]):
    Path("workflow").mkdir()
    Path("workflow/job.py").write_text("print(flush=True)\ninput()\n")
    words = [sys.executable, "workflow/job.py", "scripts/x.py", "--output", str(foreign[1])]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as job:
        job.stdout.readline()
        said = prepare.prepare(SMOKE, "marion2025_fig7", [])
        job.communicate(b"\n")
    assert said[-2:] == ["--forcerun", FIGURES[1]] and foreign[1].exists()


def test_nothing_is_renamed_or_checked_where_a_run_is_working(
    foreign: list[Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.argv", CHECK[2:])

    def a_run_starts_meanwhile(files: dict) -> judgement.Judgement:
        found = judge(files)
        leave_note("smoke", "snakemake")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "judge", a_run_starts_meanwhile)
        with pytest.raises(UserError):
            prepare.prepare(SMOKE, "all", [])
    assert prepare.prepare(SMOKE, "all", []) == [] and check_results.main() == 1
    assert all(path.exists() for path in foreign)


def write(path: str, text: str, record: dict | None = None) -> Path:
    """Write a result and the record of its job; return where that lies."""
    beside = judgement.record_of(path)
    for file in (Path(path), beside):
        file.parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
    beside.write_text(json.dumps(record or {"outputs": {path: sha256(Path(path))}}))
    return beside


def test_what_a_job_writes_during_the_check_is_not_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    record = write(TABLE, "old", {"outputs": {TABLE: "0" * 64}})
    assert judge({TABLE: None}).damaged.keys() == {TABLE}

    def the_job_starts_meanwhile(path: Path) -> str:
        record.unlink(missing_ok=True)
        return sha256(path)

    monkeypatch.setattr(judgement, "sha256", the_job_starts_meanwhile)
    assert not judge({TABLE: None}).damaged


def test_records_in_a_copied_folder_say_nothing_of_the_folder_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    write(TABLE, "table")
    shutil.copytree("results/smoke", "results/mine")
    other = TABLE.replace("smoke", "mine")
    Path(other).write_text("made with other settings")
    found = judge({TABLE: None, other: None})
    assert not found.damaged and found.without_record == 1


@pytest.mark.parametrize("text", ["junk", "[]", "{}"])
def test_a_record_that_cannot_be_read_counts_as_none(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    write(TABLE, "table").write_text(text)
    assert judge({TABLE: None}).without_record == 1


def test_data_sets_are_compared_with_the_records_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    data = "results/data/mnist.npz"
    write(data, "broken", {"outputs": {data: "0" * 64}})
    assert judge(judgement.all_files(SMOKE)).damaged.keys() == {data}
    assert prepare.prepare(SMOKE, "all", []) == []
    assert not Path(data).exists()
