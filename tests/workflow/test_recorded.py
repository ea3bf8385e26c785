"""What is kept of the papers' scale: whole, of that scale, and judged by the code of today."""

import csv
import importlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from project import ROOT

from commands.record import objection, record
from pipeline import recorded
from pipeline.expected import part_path, part_specs
from pipeline.recorded import (
    MANIFEST,
    RECORDED,
    manifest,
    recorded_spec,
    recorded_tables,
)
from pipeline.run_records import record_of
from study.errors import UserError
from study.figure_data import FigureData
from study.files import sha256
from study.folders import claims_file, published_files
from study.judging import claims_of, decided_by_record
from study.load import carried_preset
from study.recorded import Recorded, point_rows, recorded_data
from study.tables import read_provenance, read_table, write_table
from study.verdicts import NOT_TESTED, REPRODUCED

PAPER = carried_preset("paper")
TABLES = {(RECORDED / row["table"]).as_posix(): row for row in manifest()}
#: Every figure that draws a recorded table.
FIGURES = [
    (paper, figure)
    for paper, sections in PAPER.figures().items()
    for figure in sections
    if recorded_spec(paper, figure)
]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def of_path(path: str) -> tuple[str, str]:
    """Return paper and figure of a recorded table."""
    return Path(path).parts[-3], Path(path).parts[-2]


def of_figure(paper: str, figure: str) -> Recorded:
    """Return what is recorded of a figure."""
    section = PAPER.figures()[paper][figure]
    files = [
        file for key in (figure, *section.reads_published) for file in published_files(paper, key)
    ]
    published = {file.stem: pd.read_csv(file) for file in files}
    known = recorded_spec(paper, figure)
    return recorded_data(
        known, list(map(Path, known["tables"])), FigureData(figure, {}, {}, published)
    )


def test_the_manifest_lists_every_table_and_no_other():
    assert {path.as_posix() for path in RECORDED.rglob("*.parquet")} == set(TABLES)
    assert sum(path.stat().st_size for path in RECORDED.rglob("*.parquet")) < 5_000_000


@pytest.mark.parametrize("path", TABLES)
def test_a_table_is_the_one_that_was_computed(path: str):
    row, provenance = TABLES[path], read_provenance(Path(path))
    assert sha256(Path(path)) == row["sha256"], f"{path} is not the table that its manifest lists"
    assert (provenance["code"], provenance["commit"]) == (row["code"], row["commit"])
    assert row["device"] in f"{provenance['device']} {provenance['machine']}"


@pytest.mark.parametrize("path", TABLES)
def test_a_table_has_the_settings_of_the_papers_scale(path: str):
    why = objection(*of_path(path), read_provenance(Path(path))["spec"], read_table(Path(path)))
    assert not why, f"{path} is to be computed again, or taken off the record: {why}"


@pytest.mark.parametrize(("paper", "figure"), sorted({of_path(path) for path in TABLES}))
def test_no_grid_point_is_recorded_twice(paper: str, figure: str):
    keys = list(next(iter(PAPER.figures()[paper][figure].parts().values()))["points"][0])
    paths = recorded_tables(paper, figure)
    places = pd.concat(
        [point_rows(read_table(Path(path)), keys).assign(path=path) for path in paths]
    )
    twice = places[places.duplicated([key for key in keys if key in places], keep=False)]
    assert not len(twice), f"delete all but one, and its row in {MANIFEST}:\n{twice}"


@pytest.mark.parametrize(("paper", "figure"), FIGURES)
def test_the_code_of_today_judges_what_is_recorded(paper: str, figure: str):
    """Something is decided where all grid points are there, and nothing that must hold fails."""
    recorded = of_figure(paper, figure)
    presentation = importlib.import_module(f"papers.{paper}.{figure}.present").figure
    rows = []
    for claim in claims_of(claims_file(paper, figure), figure):
        try:
            rows.append(presentation.of(recorded.data).judged(claim))
        except LookupError as missing:
            pytest.fail(
                f"the recorded table of {paper} {figure} has not what {claim.measure} reads today "
                f"({missing}): compute it again, or take it off the record"
            )
    decided = [row for row in rows if row["verdict"] != NOT_TESTED]
    assert decided or "grid points" in recorded.how
    assert [row["claim"] for row in rows if row["stops"]] == []


def test_what_is_missing_of_a_figure_is_said():
    recorded = of_figure("marion2025", "fig9")
    assert recorded.share == "10 of 20 grid points" and recorded.how.endswith(recorded.share)
    whole = of_figure("hanin2018", "fig2b")
    assert whole.how == whole.made == "AMD EPYC and NVIDIA H200; 2026-11-27, 2026-11-28"


def test_another_row_of_the_manifest_judges_its_figure_again_and_no_other(monkeypatch):
    before = {key: recorded_spec(*key) for key in FIGURES}
    rows = [row | {"device": "a card"} if "/fig15/" in row["table"] else row for row in manifest()]
    monkeypatch.setattr(recorded, "manifest", lambda: rows)
    changed = [key for key in FIGURES if recorded_spec(*key) != before[key]]
    assert changed == [("marion2025", "fig15")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epochs": 3}, "epochs"),
        ({"removed": 1}, "removed"),
        ({"points": [{"law": "x"}]}, "points"),
        ({}, ""),
    ],
)
def test_a_table_of_other_settings_is_refused(change: dict, words: str):
    spec = part_specs(PAPER, "marion2025", "fig8")["block000"]
    path = next(iter(recorded_tables("marion2025", "fig8")))
    why = objection("marion2025", "fig8", spec | change, read_table(Path(path)))
    assert words in why and bool(why) == bool(change)


@pytest.mark.parametrize(("newer", "is_default"), [("lags", True), ("epochs", False)])
def test_a_setting_that_a_table_is_too_old_to_know_has_to_be_at_its_default(newer, is_default):
    spec = part_specs(PAPER, "marion2025", "fig8")["block000"]
    path = next(iter(recorded_tables("marion2025", "fig8")))
    del spec[newer]
    assert (objection("marion2025", "fig8", spec, read_table(Path(path))) == "") == is_default


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a table of the papers' scale as a run would leave it, with its record, in an empty project."""
    kept, *others = recorded_tables("marion2025", "fig8")
    path = Path(part_path("paper", "marion2025", "fig8", "block000"))
    for file in (tmp_path / path, tmp_path / record_of(path.as_posix()), tmp_path / MANIFEST):
        file.parent.mkdir(parents=True)
    shutil.copy(kept, tmp_path / path)
    for other in others:
        (tmp_path / other).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(other, tmp_path / other)
    monkeypatch.chdir(tmp_path)
    run = {"outputs": {path.as_posix(): sha256(path)}, "finished": "2026-11-27T10:00:00+0000"}
    record_of(path.as_posix()).write_text(json.dumps(run | {"wall_seconds": 68.377}))
    return path


def test_what_is_done_is_recorded_by_one_command(done: Path):
    (written,) = record(PAPER, "marion2025_fig8")
    assert Path(written).read_bytes() == done.read_bytes()
    rows = {row["table"]: row for row in csv.DictReader(MANIFEST.open(encoding="utf-8"))}
    kept = rows[Path(written).relative_to(RECORDED).as_posix()]
    expected = TABLES[written] | {"gpu_mebibytes": ""}
    assert kept == expected and len(rows) == len(TABLES)


def test_what_is_not_of_the_papers_scale_or_damaged_or_not_there_is_not_recorded(done: Path):
    with pytest.raises(UserError, match="marion2025_fig15"):
        record(PAPER, "marion2025_fig15")
    frame, provenance = read_table(done), read_provenance(done)
    write_table(frame, done, provenance | {"spec": provenance["spec"] | {"epochs": 3}})
    with pytest.raises(UserError, match="epochs"):
        record(PAPER, "marion2025_fig8")
    write_table(frame.iloc[::-1], done, provenance)
    with pytest.raises(UserError, match="not as its job left it"):
        record(PAPER, "marion2025_fig8")
    assert not MANIFEST.exists()


def test_what_nobody_could_make_again_is_not_recorded(done: Path):
    write_table(read_table(done), done, read_provenance(done) | {"commit": "abc+changes"})
    run = json.loads(record_of(done.as_posix()).read_text())
    run["outputs"][done.as_posix()] = sha256(done)
    record_of(done.as_posix()).write_text(json.dumps(run))
    with pytest.raises(UserError, match="not committed"):
        record(PAPER, "marion2025_fig8")


def test_verdicts_that_are_open_here_are_counted_by_what_the_record_says():
    frame = pd.DataFrame(
        {
            "verdict": [NOT_TESTED, NOT_TESTED, NOT_TESTED, REPRODUCED],
            "recorded_verdict": [REPRODUCED, NOT_TESTED, None, REPRODUCED],
        }
    )
    assert "Of 3 not tested" in decided_by_record(frame)
    assert decided_by_record(frame).endswith("decide: 1 reproduced.")
