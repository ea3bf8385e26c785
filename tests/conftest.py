"""Copies of the project that tests may build, edit and break."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# `project` stands beside the tests that use it most.
sys.path.insert(0, str(Path(__file__).parent / "workflow"))

from project import ROOT, Project


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy of the project as a fresh git checkout, nothing built. Do not change it."""
    project = Project(tmp_path_factory.mktemp("checkout") / "deepinit")
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-coz", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (project.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, project.path / name)
    project.commit()
    return project


@pytest.fixture(scope="session")
def built(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy in which the smoke preset was built on two cores. Do not change it."""
    project = checkout.copy(tmp_path_factory.mktemp("built"))
    done = project.snakemake("--cores", "2")
    assert done.returncode == 0, done.text
    return project


@pytest.fixture
def unbuilt_copy(checkout: Project, tmp_path: Path) -> Project:
    """Return an unbuilt copy that a test may change."""
    return checkout.copy(tmp_path)


@pytest.fixture
def built_copy(built: Project, tmp_path: Path) -> Project:
    """Return a built copy that a test may change."""
    return built.copy(tmp_path)
