"""The same bytes again: in other surroundings, and without Snakemake.

All on the machine of the tests: another instruction set rounds otherwise.
"""

import shlex
from pathlib import Path

import pytest
from project import SMOKE, Project

from pipeline.expected import expected_files, page_paths
from study.tables import read_provenance

pytestmark = pytest.mark.slow


def test_a_build_makes_every_file_that_is_expected_and_nothing_else(built: Project):
    made = {path.relative_to(built.path).as_posix() for path in built.results.rglob("*.*")}
    logs = {name for name in made if name.startswith("results/smoke/logs/")}
    assert made - logs == expected_files(SMOKE).keys()


@pytest.fixture
def hostile(built_copy: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    """Return a copy, with all that a user may have set for other programs."""
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(variable, "3")
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("MPLBACKEND", "module://of_a_notebook")
    (built_copy.path / "matplotlibrc").write_text("text.usetex: True\naxes.facecolor: black\n")
    # Another version that is only said to be there.
    (tmp_path / "path/scipy-1.0.0.dist-info").mkdir(parents=True)
    (tmp_path / "path/scipy-1.0.0.dist-info/METADATA").write_text("Name: scipy\nVersion: 1.0.0\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    return built_copy


def test_every_byte_is_made_again_whatever_the_user_has_set(hostile: Project):
    """By the recorded commands of the pages, a training and a table; by Snakemake: a simulation, and a
    drawing that reads published values.
    """
    # First: they tell how long jobs took.
    command = (hostile.results / "logs/pages.log").read_text(encoding="utf-8").splitlines()[0]
    _assert_remade(hostile, command, [hostile.path / name for name in page_paths(SMOKE)])
    for table in (hostile.table("hanin2018_fig1b", "depth0005"), hostile.table("marion2025_fig1")):
        _assert_remade(hostile, read_provenance(table)["command"], [table])
    part = next(hostile.table("marion2025_fig1").with_suffix("").glob("*.parquet"))
    figure = hostile.results / "figures/marion2025/fig1.png"
    files = [part, figure, figure.with_suffix(".pdf")]
    names = [str(file.relative_to(hostile.path)) for file in files]
    _assert_remade(hostile, shlex.join(hostile.arguments("--cores", "2", *names)), files)


def _assert_remade(project: Project, command: str, files: list[Path]) -> None:
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    done = project.run(command)
    assert done.returncode == 0, done.text
    assert [file.read_bytes() for file in files] == before, command
