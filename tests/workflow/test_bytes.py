"""The same bytes again: in another folder, on another number of cores, without Snakemake.

All on the machine of the tests: another instruction set rounds otherwise.
"""

import json
import shlex
from pathlib import Path

import pytest
from PIL import Image
from project import SECTIONS, Project, sub_path

from study.folders import claims_file
from study.tables import read_provenance

pytestmark = pytest.mark.slow


#: Simulations of three kinds; `test_resuming` runs each trainer again.
SOME = (
    "luther2019_finite_width",
    "hanin2018_fig1a",
    "marion2025_fig11",
)


def test_a_build_makes_every_table_figure_and_verdict_and_nothing_else(built: Project):
    tables = [len(parts) + 1 for s in SECTIONS.values() if (parts := s.parts())]
    judged = [key for key in SECTIONS if claims_file(*key.split("_", 1))]
    assert len(built.outcome()) == sum(tables) + 2 * len(SECTIONS) + len(judged) + 2


def test_one_core_and_two_cores_in_different_folders_give_the_same_bytes(
    built: Project, unbuilt_copy: Project
):
    done = unbuilt_copy.snakemake("--cores", "1", *SOME)
    assert done.returncode == 0, done.text
    theirs, ours = built.outcome(), unbuilt_copy.outcome()
    assert {f"figures/{sub_path(key)}.pdf" for key in SOME} <= ours.keys() <= theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_the_recorded_command_remakes_a_table_without_snakemake(built_copy: Project):
    for table in (
        built_copy.table("marion2025_fig1", "depth00046_block00"),
        built_copy.table("hanin2018_fig1b", "depth0005"),
        built_copy.table("marion2025_fig1"),
    ):
        _assert_remade(built_copy, read_provenance(table)["command"], [table])


@pytest.mark.parametrize(
    ("key", "part"),
    [("marion2025_fig1", "depth00046_block00"), ("hanin2018_fig1b", "depth0005")],
    ids=["simulation", "training"],
)
def test_threads_instruction_set_and_git_variables_of_the_environment_change_no_byte(
    built_copy: Project, monkeypatch: pytest.MonkeyPatch, key: str, part: str
):
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(variable, "3")
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    table = built_copy.table(key, part)
    _assert_remade(built_copy, read_provenance(table)["command"], [table])


@pytest.mark.parametrize("key", ["luther2019_finite_width", "hanin2018_fig1b", "marion2025_fig7"])
def test_the_recorded_command_remakes_a_figure_without_snakemake(built_copy: Project, key: str):
    figure = built_copy.results / "figures" / f"{sub_path(key)}.png"
    with Image.open(figure) as image:
        command = json.loads(image.text["Description"])["command"]
    _assert_remade(built_copy, command, [figure, figure.with_suffix(".pdf")])


def test_a_figure_made_without_snakemake_has_the_same_bytes_and_is_then_left_alone(
    built: Project, unbuilt_copy: Project
):
    command = ["python", "workflow/cli.py", "run", "marion2025_fig3", "--preset", "smoke"]
    first, second = unbuilt_copy.run(command), unbuilt_copy.run(command)
    assert first.returncode == second.returncode == 0, first.text
    ours, theirs = unbuilt_copy.outcome(), built.outcome()
    assert {"tables/marion2025/fig1.parquet", "figures/marion2025/fig3.pdf"} <= ours.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert "tables" in first.text and "tables" not in second.text


@pytest.mark.parametrize("recorded", [False, True], ids=["snakemake", "recorded command"])
def test_what_the_user_has_set_for_other_programs_changes_no_byte(
    built_copy: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, recorded: bool
):
    (built_copy.path / "matplotlibrc").write_text("text.usetex: True\naxes.facecolor: black\n")
    monkeypatch.setenv("MPLBACKEND", "module://of_a_notebook")
    # Another version that is only said to be there.
    (tmp_path / "path/scipy-1.0.0.dist-info").mkdir(parents=True)
    (tmp_path / "path/scipy-1.0.0.dist-info/METADATA").write_text("Name: scipy\nVersion: 1.0.0\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    table = built_copy.table("hanin2018_fig1a")
    figure = built_copy.results / "figures/hanin2018/fig1a.png"
    part = next(table.with_suffix("").glob("*.parquet"))
    with Image.open(figure) as image:
        drawn = json.loads(image.text["Description"])["command"]
    files = [part, figure, figure.with_suffix(".pdf")]
    if recorded:
        _assert_remade(built_copy, read_provenance(part)["command"], [part])
        _assert_remade(built_copy, drawn, files[1:])
    else:
        names = [str(file.relative_to(built_copy.path)) for file in files]
        again = built_copy.arguments("--cores", "2", *names)
        _assert_remade(built_copy, shlex.join(again), files)


def _assert_remade(project: Project, command: str, files: list[Path]) -> None:
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    done = project.run(command)
    assert done.returncode == 0, done.text
    assert [file.read_bytes() for file in files] == before, command
