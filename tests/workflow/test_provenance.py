"""What a figure or table alone tells of its origin, and how it is made again from that."""

import io
import json
import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
import yaml
from matplotlib import pyplot as plt
from PIL import Image
from project import ROOT, SECTIONS, SMOKE, Project

import cli
from commands import provenance as show_provenance
from pipeline.expected import drawing_script, drawing_spec, part_script, part_specs
from pipeline.origin import Origin
from scripts.gather import run as gather
from study import provenance as recorded
from study.config import Config
from study.drawing import draw_and_write
from study.errors import UserError
from study.job import Job
from study.load import load_config
from study.metadata import provenance_of
from study.tables import read_provenance

COMMIT = "1" * 40
CHANGED = load_config({"preset": "smoke", "root_seed": 7, "marion2025": {"fig1": {"networks": 9}}})
OWN = load_config(
    {"preset": "mine", "base": "smoke", "device": "cpu", "marion2025": {"fig1": {"betas": [0.5]}}}
)


# ------------------------------------------------------------ from parts to a table to a figure
def job(script: str, spec: Mapping[str, Any], outputs: list[Path], **inputs: list[Path]) -> Job:
    return Job(script, dict(spec), inputs, outputs, io.StringIO())


def make_table(folder: Path, config: Config, figure: str, commits: list[str]) -> Path:
    """Write made-up parts of a table of marion2025, then the table, as the workflow does."""
    folder = folder / f"results/{config.preset}/tables/marion2025"
    parts = []
    for (part, spec), commit in zip(
        part_specs(config, "marion2025", figure).items(), commits, strict=False
    ):
        parts.append(folder / figure / f"{part}.parquet")
        script = part_script("marion2025", figure)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recorded, "git_commit", lambda commit=commit: commit)
            job(script, spec, parts[-1:]).write_table(pd.DataFrame({"a": [1.0]}))
    table = folder / f"{figure}.parquet"
    gather(job("scripts/gather.py", {"missing": {}}, [table], part=parts))
    return table


def make_figure(folder: Path, config: Config, figure: str, tables: dict[str, Path]) -> list[Path]:
    """Write a figure without content from tables, as the workflow does."""
    files = [folder / f"{figure}.{suffix}" for suffix in ("pdf", "png")]
    spec = drawing_spec(config, "marion2025", figure)
    inputs = {"table" if key == figure else key: [path] for key, path in tables.items()}
    draw_and_write(
        job(drawing_script("marion2025", figure), spec, files, **inputs),
        lambda: plt.figure(figsize=(1, 1)),
        files,
    )
    return files


@pytest.fixture
def smoke_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path, as the workflow has it, of a table whose parts are of two commits."""
    monkeypatch.chdir(tmp_path)
    return make_table(Path(), SMOKE, "fig1", ["1" * 40, "2" * 40])


def test_a_table_tells_from_where_all_its_parts_come(smoke_table: Path):
    given = read_provenance(smoke_table)
    assert (given["kind"], given["script"]) == ("table", "scripts/gather.py")
    sources = given["sources"]
    assert sources["parts"] == len(SECTIONS["marion2025_fig1"].parts()) == 2
    assert sources["root_seed"] == [SMOKE.root_seed] and sources["device"] == ["cpu"]
    assert sources["commit"] == ["1" * 40, "2" * 40]
    assert len(sources["machine"]) == len(sources["python"]) == len(sources["code"]) == 1
    assert Origin(given).key == "marion2025_fig1"


def test_a_figure_tells_from_where_the_numbers_of_all_its_tables_come(smoke_table: Path):
    both = {"fig1": smoke_table, "fig10": make_table(Path(), SMOKE, "fig10", ["3" * 40])}
    for file in make_figure(Path(), SMOKE, "fig12", both):
        origin = Origin(provenance_of(file))
        assert (origin.kind, origin.key, origin.preset) == ("figure", "marion2025_fig12", "smoke")
        assert origin.sources.keys() == {"fig1", "fig10"}
        assert origin.all_of("commit") == ["1" * 40, "2" * 40, "3" * 40]
        assert origin.all_of("root_seed") == [SMOKE.root_seed]


# ------------------------------------------------------------------------------ made again
def origin_of(config: Config, paper: str, figure: str, **other: Any) -> Origin:
    """Return the origin of a figure as it would be under a configuration, without making it."""
    source = {
        "root_seed": [config.root_seed],
        "device_setting": [config.device],
        "code": ["c"],
        "commit": [COMMIT],
    }
    given = {
        "kind": "figure",
        "script": drawing_script(paper, figure),
        "spec": json.loads(json.dumps(drawing_spec(config, paper, figure))),
        "sources": {figure: source},
        **{"commit": COMMIT, "code": "c", "python": "3.11.0", "packages": {"numpy": "2.0.0"}},
    }
    return Origin({**given, **other})


@pytest.mark.parametrize("config", [CHANGED, OWN], ids=lambda config: config.preset)
def test_the_configuration_of_every_figure_gives_the_same_specifications_again(config: Config):
    given: dict[str, Any] = {}
    for paper, sections in config.figures().items():
        for figure in sections:
            found = show_provenance.configuration(origin_of(config, paper, figure))
            given |= {**found, paper: {**given.get(paper, {}), **found.get(paper, {})}}
    again = load_config(yaml.safe_load(yaml.safe_dump(given)))
    for paper, sections in config.figures().items():
        for figure, section in sections.items():
            assert drawing_spec(again, paper, figure) == drawing_spec(config, paper, figure)
            for key in (figure, *section.reads):
                assert part_specs(again, paper, key) == part_specs(config, paper, key)


def test_the_commands_name_the_commit_and_the_configuration_only_where_they_are_needed():
    file = Path("/a b.pdf")
    commands = show_provenance.commands(origin_of(SMOKE, "marion2025", "fig1"), file)
    assert commands == [f"git checkout {COMMIT}", "make marion2025_fig1 PRESET=smoke"]
    configured = [
        "python workflow/cli.py provenance '/a b.pdf' --config > again.yaml",
        f"git checkout {COMMIT}",
        "make marion2025_fig1 CONFIG=again.yaml",
    ]
    assert show_provenance.commands(origin_of(OWN, "marion2025", "fig1"), file) == configured
    assert show_provenance.commands(origin_of(CHANGED, "marion2025", "fig1"), file) == configured
    # Its settings are the preset's own; its root seed is not.
    assert "CONFIG=" in show_provenance.commands(origin_of(CHANGED, "marion2025", "fig7"), file)[-1]
    # Of code that no commit has, the preset may have had other values.
    for commit, checkout in ((f"{COMMIT}+changes", 1), ("not known", 0)):
        other = origin_of(SMOKE, "marion2025", "fig1", commit=commit)
        expected = [configured[0], *configured[1 : 1 + checkout], configured[2]]
        assert show_provenance.commands(other, file) == expected


def test_a_part_is_made_again_by_its_command_and_a_table_does_not_know_how(smoke_table: Path):
    part = next(smoke_table.with_suffix("").glob("*.parquet"))
    origin = Origin(read_provenance(part))
    assert show_provenance.commands(origin, part)[-1] == origin.given["command"]
    with pytest.raises(UserError):
        show_provenance.commands(Origin(read_provenance(smoke_table)), smoke_table)


def told(file: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cli.py", "provenance", str(file), *words])
    return cli.main()


def test_all_kinds_of_files_are_told_whatever_is_missing_in_this_checkout(
    smoke_table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    part = next(smoke_table.with_suffix("").glob("*.parquet"))
    for file in (part, smoke_table, *make_figure(Path(), SMOKE, "fig1", {"fig1": smoke_table})):
        assert told(file, monkeypatch) == 0
        said = capsys.readouterr().out
        assert said.startswith("marion2025_fig1, ") and str(SMOKE.root_seed) in said
    assert told(part, monkeypatch, "--config") == 1
    spec = {**drawing_spec(SMOKE, "marion2025", "fig1"), "figure": "fig99", "read_settings": {}}
    gone = origin_of(
        SMOKE, "marion2025", "fig1", spec=spec, script="papers/marion2025/fig99/present.py"
    )
    assert "make marion2025_fig99" in show_provenance.description(gone, Path("y.pdf"))


@pytest.mark.parametrize("words", [(), ("--config",), ("--json",)])
def test_a_file_of_an_older_version_is_told_to_be_so(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    file = ROOT / "results/recorded/tables/marion2025/fig8/block000.parquet"
    assert told(file, monkeypatch, *words) == int("--json" not in words)
    said = capsys.readouterr()
    assert read_provenance(file)["commit"] in said.out + said.err


# ------------------------------------------------------------------------------ machine, commit
@pytest.mark.skipif(platform.machine() != "x86_64", reason="names instruction sets of x86 alone")
def test_the_instruction_set_that_is_recorded_is_the_one_that_torch_uses():
    used = torch.backends.cpu.get_cpu_capability()
    assert recorded.machine().endswith(recorded.processor() if used == "DEFAULT" else used)


_COMMIT = "from study.provenance import git_commit; print(git_commit())"


def _commit_of(project: Project, **variables: str) -> str:
    """Return what is recorded in a project."""
    words = ["env", "-C", "workflow", *(f"{key}={value}" for key, value in variables.items())]
    return project.run([*words, sys.executable, "-c", _COMMIT]).text.strip()


def test_the_commit_is_that_of_the_projects_own_repository_or_unknown(
    unbuilt_copy: Project, tmp_path: Path
):
    shown = unbuilt_copy.run(["git", "rev-parse", "HEAD"]).text.strip()
    outer = Project(tmp_path)
    shutil.move(unbuilt_copy.path / ".git", tmp_path / "own")
    (tmp_path / "file").touch()
    outer.commit()
    # Unpacked inside another repository, and told of one by the variables of a git hook.
    for variables in ({}, {"GIT_DIR": str(tmp_path / ".git")}):
        assert _commit_of(unbuilt_copy, **variables) == "not known"
    shutil.move(tmp_path / "own", unbuilt_copy.path / ".git")
    assert _commit_of(unbuilt_copy) == shown
    unbuilt_copy.append("deepinit/seeds.py", "_EDITED = True")
    assert _commit_of(unbuilt_copy) == f"{shown}+changes"
    # An index that cannot be read says nothing of changes.
    (unbuilt_copy.path / ".git/index").write_bytes(b"broken")
    assert _commit_of(unbuilt_copy) == "not known"


# ----------------------------------------------------------------------------- other files
def test_files_that_tell_nothing_are_explained_each_in_its_way(tmp_path: Path, smoke_table: Path):
    pdf, png = make_figure(Path(), SMOKE, "fig1", {"fig1": smoke_table})
    files = {
        "none of this project's": tmp_path / "notes.pdf",
        "is damaged": tmp_path / "cut.pdf",
        "saved it again": tmp_path / "again.png",
        "made by another": tmp_path / "other.pdf",
        "cannot be read": tmp_path / "missing.pdf",
    }
    files["none of this project's"].write_text("no PDF at all")
    files["is damaged"].write_bytes(pdf.read_bytes()[:-200])
    with Image.open(png) as image:
        image.save(files["saved it again"])
    theirs = plt.figure()
    theirs.savefig(files["made by another"], metadata={"Title": "theirs", "Subject": "not JSON"})
    plt.close(theirs)
    for words, file in files.items():
        with pytest.raises(UserError, match=words):
            provenance_of(file)
    for whole in (png, smoke_table):
        cut = tmp_path / f"cut{whole.suffix}"
        cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        with pytest.raises(UserError, match="is damaged"):
            provenance_of(cut)


@pytest.mark.slow
def test_a_mailed_figure_is_made_again_byte_for_byte(
    built: Project, unbuilt_copy: Project, tmp_path: Path
):
    mailed = Path(shutil.copy(built.results / "figures/luther2019/theory.pdf", tmp_path / "a.pdf"))
    shown = unbuilt_copy.run(["python", "workflow/cli.py", "provenance", mailed, "--config"])
    (unbuilt_copy.path / "again.yaml").write_text(shown.text)
    words = ["python", "workflow/cli.py", "build", "luther2019_theory", "--config", "again.yaml"]
    made = unbuilt_copy.run(words)
    assert made.returncode == 0, made.text
    again = unbuilt_copy.results / "figures/luther2019/theory.pdf"
    assert again.read_bytes() == mailed.read_bytes()
