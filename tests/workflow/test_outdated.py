"""What lies in the results: what is missing or would be made otherwise is made again, and nothing else."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from faults import date_at_random, flip_bit, in_numbers
from project import SECTIONS, Project, assert_says, making

from pipeline.expected import DATA_FOLDER
from pipeline.run_records import read_record, record_of
from study.files import sha256

MAKE = making("all", "--cores", "2")
CHECK = ["python", "workflow/cli.py", "check", "smoke"]
TABLE = "results/smoke/tables/hanin2018/fig1a.csv"
#: Prints which tables and figures would be made otherwise under other settings.
OUTDATED = """
import json, sys
sys.path.insert(0, "workflow")
from pipeline.expected import expected_files
from pipeline.outdated import outdated
from study.load import load_config
print(json.dumps(outdated(expected_files(load_config({"preset": "smoke", **json.loads(sys.argv[1])})))))
"""


def outdated(project: Project, **settings: dict) -> set[str]:
    """Return the files, below results/smoke, that would be made otherwise."""
    done = project.run(["python", "-c", OUTDATED, json.dumps(settings)])
    assert done.returncode == 0, done.text
    return {name.removeprefix("results/smoke/") for name in json.loads(done.text)}


def made(project: Project, words: list[str] = MAKE) -> str:
    done = project.run(words)
    assert done.returncode == 0 and "Traceback" not in done.text, done.text
    return done.text


@pytest.mark.slow
def test_what_is_damaged_is_named_and_what_is_gone_is_made_again_as_it_was(built_copy: Project):
    """Parts whose table is there are not, until it is asked for again."""
    before, folder = built_copy.outcome(), built_copy.results
    date_at_random(built_copy, np.random.default_rng(20240607))
    data = built_copy.path / DATA_FOLDER / "mnist.npz"
    data.parent.mkdir(exist_ok=True)
    data.write_text("broken")
    record = {"outputs": {f"{DATA_FOLDER}/mnist.npz": "0" * 64}}
    data.with_suffix(".json").write_text(json.dumps(record))
    damaged = [
        folder / "config.yaml",
        built_copy.table("luther2019_theory"),
        folder / "figures/luther2019/theory.png",
        folder / "figures/hanin2018/conv_maps.pdf",
        folder / "verdicts/hanin2018/conv_maps.csv",
    ]
    for path in damaged:
        flip_bit(path)
    assert_says(built_copy.run(CHECK), "mnist.npz", "damaged: 6", *(path.name for path in damaged))
    gone = [built_copy.table("hanin2018_conv_maps"), folder / "verdicts/verdicts.csv"]
    for path in (*damaged, data, *gone):
        path.unlink()
    for key in ("luther2019_theory", "marion2025_fig7"):
        shutil.rmtree(built_copy.table(key).with_suffix(""))
    text = made(built_copy)
    for piece in ("hanin2018 conv_maps: putting the table together", "jobs done, ", "index.html"):
        assert piece in text
    parts = "tables/marion2025/fig7/"
    assert built_copy.outcome() == {k: v for k, v in before.items() if parts not in k}
    assert (folder / "config.yaml").is_file()
    assert "damaged: 0" in made(built_copy, CHECK)
    assert "Everything is up to date." in made(built_copy, making("marion2025_fig7"))
    built_copy.append("papers/marion2025/fig7/compute.py", "_EDITED = True")
    count = len(SECTIONS["marion2025_fig7"].parts())
    assert built_copy.planned("marion2025_fig7")["marion2025_fig7_parts"] == count


@pytest.mark.slow
def test_a_job_that_reads_a_damaged_table_names_the_file_to_delete_and_makes_nothing(
    built_copy: Project, tmp_path: Path
):
    """One that is a link into a cache, which would be linked again, is named by where it lies."""
    part, cached = built_copy.table("hanin2018_conv_maps", "maps"), tmp_path / "cached.parquet"
    flip_bit(part, at=in_numbers(part))
    part.rename(cached)
    part.symlink_to(cached)
    table = built_copy.table("hanin2018_conv_maps")
    table.unlink()
    assert_says(built_copy.run(making("hanin2018_conv_maps")), f"delete {cached}")
    assert part.is_symlink() and cached.exists() and not table.exists()


@pytest.fixture
def copied(built: Project, unbuilt_copy: Project) -> Project:
    """Return a fresh checkout into which somebody has copied results; all dates are random."""
    shutil.copytree(built.results, unbuilt_copy.results)
    date_at_random(unbuilt_copy, np.random.default_rng(20240607))
    return unbuilt_copy


@pytest.mark.slow
def test_copies_that_fit_are_not_computed_again_and_others_are_even_if_they_were_touched(
    copied: Project,
):
    before = copied.outcome()
    assert "computing" not in made(copied, making("marion2025_fig14"))
    assert copied.outcome() == before

    copied.append("deepinit/resnet/strong_convergence.py", "_EDITED = True")
    found = outdated(copied, marion2025={"fig7": {"draws": 3}, "fig1": {"networks": 51}})
    parts = [name for name in found if name.startswith("tables/marion2025/fig7/")]
    assert len(parts) == len(SECTIONS["marion2025_fig7"].parts())
    assert {"tables/marion2025/fig7.parquet", "figures/marion2025/fig7.pdf"} <= found
    # A table of fewer parts than there are now is outdated; the parts are not.
    assert "tables/marion2025/fig1.parquet" in found
    assert not any(name.startswith("tables/marion2025/fig1/") for name in found)
    fit = ("luther2019/", "hanin2018/", "marion2025/fig2.", "marion2025/lognormal")
    assert not any(piece in name for piece in fit for name in found)
    table = "tables/marion2025/limits.parquet"
    assert table in found
    copied.snakemake("--touch", "--cores", "1", f"results/smoke/{table}")
    plan = ["python", "workflow/cli.py", "plan", "marion2025_limits", "--preset", "smoke"]
    assert "outdated output" in made(copied, plan)
    text = made(copied, making("marion2025_limits"))
    count = len(SECTIONS["marion2025_limits"].parts())
    assert text.count("marion2025 limits: computing") == text.count("computing") == count


@pytest.mark.slow
def test_a_figure_drawn_from_other_files_is_made_again_whatever_snakemake_and_dates_say(
    built_copy: Project,
):
    """Verdicts with their drawing: from other claims, dated back."""
    claims = "papers/hanin2018/conv_maps/claims.yaml"
    built_copy.append(claims, "# Edited.")
    os.utime(built_copy.path / "workflow" / claims, (0, 0))
    assert built_copy.planned("hanin2018_conv_maps") == {}, "Snakemake alone sees it now: simplify"
    assert "1 of 1 jobs done" in made(built_copy, making("hanin2018_conv_maps"))


def write(text: str, record: str | None = None) -> None:
    beside = record_of(TABLE)
    for file in (Path(TABLE), beside):
        file.parent.mkdir(parents=True, exist_ok=True)
    Path(TABLE).write_text(text)
    beside.write_text(record or json.dumps({"outputs": {TABLE: sha256(Path(TABLE))}}))


@pytest.mark.parametrize("text", ["junk", "[]", "{}"])
def test_a_record_that_cannot_be_read_counts_as_none(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    write("table")
    assert read_record(TABLE)["outputs"]
    write("table", text)
    assert read_record(TABLE) == {}


def test_records_in_a_copied_folder_say_nothing_of_the_folder_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    write("table")
    shutil.copytree("results/smoke", "results/mine")
    assert read_record(TABLE.replace("smoke", "mine")) == {}
