"""A result whose content broke is found by its checksum, named, set aside and made anew."""

import json
from pathlib import Path

import pytest
from faults import flip_bit, in_numbers
from project import Project, assert_says

from deepinit.files import sha256
from pipeline import integrity
from pipeline.damage import put_away

MAKE = ["python", "workflow/build.py", "all", "--preset", "smoke", "--cores", "2"]
CHECK = ["python", "workflow/check_results.py", "smoke"]


def _damageable(project: Project) -> list[Path]:
    """Return one result of each kind."""
    folder = project.results
    return [
        project.table("hanin2018_conv_maps", "maps"),
        project.table("hanin2018_conv"),
        folder / "figures/hanin2018/fig1a.pdf",
        folder / "figures/hanin2018/fig2b.png",
        folder / "verdicts/hanin2018.csv",
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
def test_a_check_by_itself_names_what_is_damaged_and_fails_once(built_copy: Project):
    done = built_copy.run(CHECK)
    assert done.returncode == 0 and "None is damaged" in done.text, done.text
    damaged = _damageable(built_copy)
    for path in damaged:
        flip_bit(path)
    assert_says(built_copy.run(CHECK), *(path.name for path in damaged), "6 were damaged")
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
