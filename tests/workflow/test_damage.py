"""A result whose content broke is found by its checksum, named, set aside and made anew."""

import json
import shutil
from pathlib import Path

import pytest
from faults import flip_bit, in_numbers
from project import SMOKE, Project, assert_says

import check_results
from pipeline import integrity
from pipeline.damage import put_away
from pipeline.runs import is_locked
from study.errors import UserError
from study.files import set_aside, sha256

MAKE = ["python", "workflow/build.py", "all", "--preset", "smoke", "--cores", "2"]
CHECK = ["python", "workflow/check_results.py", "smoke"]

TABLE = Path("results/smoke/tables/hanin2018/fig1a.parquet")
PART = Path("results/smoke/tables/hanin2018/fig1a/part.parquet")
LOCK = Path(".snakemake/locks/0.output.lock")


def write(path: Path, text: str = "") -> None:
    """Write a file below a new folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_record(output: Path, *inputs: Path) -> Path:
    """Write the run record of an output as it is, and return where it lies."""
    content = {"outputs": {str(output): sha256(output)}}
    content["inputs"] = {str(path): sha256(path) for path in inputs}
    write(record := integrity.record_of(output), json.dumps(content))
    return record


@pytest.fixture
def table_of_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a part, the table that was made of it, and their records."""
    monkeypatch.chdir(tmp_path)
    write(PART, "part")
    write(TABLE, "table")
    write_record(PART)
    write_record(TABLE, PART)


def _damageable(project: Project) -> list[Path]:
    """Return one result of each kind."""
    folder = project.results
    return [
        project.table("hanin2018_conv_maps", "maps"),
        project.table("hanin2018_conv"),
        folder / "figures/hanin2018/fig1a.pdf",
        folder / "figures/hanin2018/fig2b.png",
        folder / "verdicts/hanin2018/fig1a.csv",
        folder / "config.yaml",
    ]


@pytest.mark.slow
def test_make_finds_damaged_results_of_every_kind_names_them_and_makes_them_anew(
    built_copy: Project,
):
    before = built_copy.outcome()
    for path in _damageable(built_copy):
        flip_bit(path)
    done = built_copy.run(MAKE)
    assert done.returncode == 0, done.text
    for path in _damageable(built_copy):
        name = path.relative_to(built_copy.path)
        assert f"{name} is damaged" in done.text
        assert f"set aside as {name.name}.damaged" in done.text
        path.with_name(f"{path.name}.damaged").unlink()
    assert built_copy.outcome() == before
    again = built_copy.run(MAKE)
    assert again.returncode == 0 and "up to date" in again.text and "damaged" not in again.text


@pytest.mark.slow
def test_what_is_gone_of_figures_verdicts_and_settings_is_made_again(built_copy: Project):
    before = built_copy.outcome()
    shutil.rmtree(built_copy.results / "figures/luther2019")
    gone = ["figures/marion2025/fig2.png", "verdicts/verdicts.csv", "config.yaml"]
    for name in gone:
        (built_copy.results / name).unlink()
    done = built_copy.run(MAKE)
    assert done.returncode == 0 and built_copy.outcome() == before, done.text
    assert all((built_copy.results / name).is_file() for name in gone)


@pytest.mark.slow
def test_parts_that_were_deleted_to_save_space_are_not_made_anew(built_copy: Project):
    shutil.rmtree(built_copy.table("marion2025_fig7", "any").parent)
    assert built_copy.planned() == {}
    done = built_copy.run(MAKE)
    assert done.returncode == 0 and "up to date" in done.text, done.text


@pytest.mark.slow
def test_a_check_by_itself_names_what_is_damaged_and_fails_once(built_copy: Project):
    done = built_copy.run(CHECK)
    assert done.returncode == 0 and "None is damaged" in done.text, done.text
    damaged = _damageable(built_copy)
    for path in damaged:
        flip_bit(path)
    assert_says(built_copy.run(CHECK), *(path.name for path in damaged), "6 files were damaged")
    assert not any(path.exists() for path in damaged)
    assert built_copy.run(CHECK).returncode == 0


@pytest.mark.slow
def test_results_without_records_are_checked_as_far_as_their_format_allows(built_copy: Project):
    for record in (built_copy.results / "logs").rglob("*.json"):
        record.unlink()
    part, _, pdf, png, *_ = _damageable(built_copy)
    flip_bit(part, at=in_numbers(part))
    flip_bit(png)
    pdf.write_bytes(pdf.read_bytes()[:-2000])
    assert_says(built_copy.run(CHECK), part.name, pdf.name, png.name, "have no such record")
    assert not (part.exists() or pdf.exists() or png.exists())
    assert built_copy.table("hanin2018_conv").exists()


@pytest.mark.slow
def test_a_damaged_file_of_a_cache_is_named_and_the_link_to_it_stays(
    built_copy: Project, tmp_path: Path
):
    part, cached = _damageable(built_copy)[0], tmp_path / "cached.parquet"
    part.rename(cached)
    part.symlink_to(cached)
    flip_bit(cached, at=in_numbers(cached))
    for command in (MAKE, CHECK):
        assert_says(built_copy.run(command), part.name, "is damaged", f"delete {cached} and run")
        assert part.is_symlink() and cached.exists()


def test_a_job_that_reads_a_damaged_file_of_a_cache_leaves_it_too(tmp_path: Path):
    cached, link = tmp_path / "cached.parquet", tmp_path / "part.parquet"
    cached.touch()
    link.symlink_to(cached)
    assert f"delete {cached}" in put_away(link) and link.is_symlink()


def test_what_a_job_writes_during_the_check_is_not_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    table, record = Path("results/mine/tables/t.csv"), Path("results/mine/logs/tables/t.json")
    for path in (table, record):
        path.parent.mkdir(parents=True)
    table.write_text("old")
    record.write_text(json.dumps({"outputs": {str(table): sha256(table)}}))

    def the_job_starts_anew_meanwhile(path: Path) -> str:
        record.unlink()
        table.write_text("new")
        return sha256(path)

    monkeypatch.setattr(integrity, "sha256", the_job_starts_anew_meanwhile)
    assert integrity.check(Path("results/mine")).damaged == []
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    record.write_text(json.dumps({"outputs": {str(table): "0" * 64}}))
    assert [damage.path for damage in integrity.check(Path("results/mine")).damaged] == [table]


@pytest.mark.usefixtures("table_of_a_part")
def test_a_job_that_starts_anew_before_its_output_is_read_is_not_taken_for_damage(
    monkeypatch: pytest.MonkeyPatch,
):
    read = integrity.read_record

    def the_job_starts_anew_after(path: Path) -> dict:
        content = read(path)
        path.unlink(missing_ok=True)
        return content

    write(TABLE, "new")
    monkeypatch.setattr(integrity, "read_record", the_job_starts_anew_after)
    findings = integrity.check(Path("results/smoke"))
    assert findings.compared == 2 and findings.damaged == []


@pytest.mark.usefixtures("table_of_a_part")
def test_records_in_a_copied_folder_say_nothing_of_the_folder_it_came_from():
    shutil.copytree("results/smoke", "results/mine")
    write(PART, "part made with other settings")
    write(TABLE, "table made with other settings")
    smoke, mine = (integrity.check(Path("results", name)) for name in ("smoke", "mine"))
    assert {damage.path for damage in smoke.damaged} == {PART, TABLE} and smoke.compared == 2
    assert mine.compared == 0
    assert not [damage for damage in mine.damaged if damage.path.is_relative_to("results/smoke")]
    assert integrity.outdated(Path("results/smoke"), [str(TABLE)]) == [str(TABLE)]
    assert integrity.outdated(Path("results/mine"), [str(TABLE)]) == []


def test_data_sets_are_compared_with_the_records_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    data = Path(integrity.DATA_FOLDER, "digits.parquet")
    write(data, "broken")
    write(data.with_suffix(".json"), json.dumps({"outputs": {str(data): "0" * 64}}))
    assert [damage.path for damage in integrity.check(Path("results/smoke")).damaged] == [data]


@pytest.mark.usefixtures("table_of_a_part")
def test_a_table_is_outdated_by_parts_that_changed_or_were_damaged_not_by_deleted_ones():
    def outdated() -> list[str]:
        return integrity.outdated(Path("results/smoke"), [str(TABLE), str(PART)])

    assert outdated() == []
    write(PART, "another")
    assert outdated() == [str(TABLE)]
    aside = set_aside(PART, "damaged")
    assert outdated() == [str(TABLE)]
    aside.unlink()
    assert outdated() == []


def test_what_is_set_aside_leaves_what_was_set_aside_before(tmp_path: Path):
    path = tmp_path / "fig.pdf"
    for text in "abc":
        write(path, text)
        set_aside(path, "damaged")
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert found == {"fig.pdf.damaged": "a", "fig.pdf.damaged.2": "b", "fig.pdf.damaged.3": "c"}


@pytest.mark.usefixtures("table_of_a_part")
def test_a_lock_that_vanishes_while_locks_are_read_does_not_hide_the_others():
    LOCK.parent.mkdir(parents=True)
    # Listed, but not there when it is read.
    LOCK.symlink_to("gone")
    assert not is_locked("results/smoke")
    write(LOCK.with_name("1.output.lock"), f"{TABLE}\n")
    assert is_locked("results/smoke") and not is_locked("results/laptop")


@pytest.mark.usefixtures("table_of_a_part")
def test_nothing_is_checked_where_a_run_is_working(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr("sys.argv", CHECK[1:])
    for text, found in (("table", "None is damaged"), ("being written", "1 file was damaged")):
        write(TABLE, text)
        write(LOCK, f"{TABLE}\n")
        assert check_results.main() == 1
        assert "make unlock" in capsys.readouterr().err and TABLE.exists()
        LOCK.unlink()
        check_results.main()
        assert found in capsys.readouterr().out
    assert not TABLE.exists()


@pytest.mark.usefixtures("table_of_a_part")
def test_a_check_names_a_record_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    record = integrity.record_of(PART)
    write(record, "junk")
    PART.unlink()
    monkeypatch.setattr("sys.argv", CHECK[1:])
    assert check_results.main() == 0
    said = capsys.readouterr().out
    assert f"run record {record} cannot be read" in said and "1 file was compared" in said


@pytest.mark.usefixtures("table_of_a_part")
def test_nothing_is_renamed_once_a_run_has_started_during_the_check(
    monkeypatch: pytest.MonkeyPatch,
):
    def a_run_starts_meanwhile(folder: Path) -> integrity.Findings:
        findings = integrity.check(folder)
        write(LOCK, f"{TABLE}\n")
        return findings

    write(TABLE, "broken")
    monkeypatch.setattr(check_results, "check", a_run_starts_meanwhile)
    with pytest.raises(UserError, match="make unlock"):
        check_results.set_damaged_aside(SMOKE)
    assert TABLE.exists()
