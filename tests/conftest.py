"""Copies of the project that tests may build, edit and break."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

# As jobs compute: threads that wait for each other cost more than tensors this small take. Before numpy
# is imported, which reads it once.
os.environ["OMP_NUM_THREADS"] = "1"
from project import ROOT, Project

# What a shell starts in the background ignores Ctrl-C, and all that it starts, too.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return as many as there are cores, and one more beside slow tests: those of a cluster mostly wait."""
    return min(4, (os.cpu_count() or 1) + (config.option.markexpr != "not slow"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder of this session, the same for all processes that run tests side by side."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


def _made_once(folder: Path, make: Callable[[Project], None]) -> Project:
    """Return the project below `folder`, made by the process that comes first."""
    project, done = Project(folder / "deepinit"), folder / "done"
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(project)
            done.touch()
    return project


def _check_out(project: Project) -> None:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-coz", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (project.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, project.path / name)
    project.commit()


@pytest.fixture(scope="session")
def checkout(shared_folder: Path) -> Project:
    """Return a copy of the project as a fresh git checkout, nothing built. Do not change it."""
    return _made_once(shared_folder / "checkout", _check_out)


@pytest.fixture(scope="session")
def built(checkout: Project, shared_folder: Path) -> Project:
    """Return a copy in which the smoke preset was built on two cores. Do not change it."""

    def build(project: Project) -> None:
        checkout.copy(project.path.parent)
        done = project.snakemake("--cores", "2")
        assert done.returncode == 0, done.text

    return _made_once(shared_folder / "built", build)


@pytest.fixture
def unbuilt_copy(checkout: Project, tmp_path: Path) -> Project:
    """Return an unbuilt copy that a test may change."""
    return checkout.copy(tmp_path)


@pytest.fixture
def built_copy(built: Project, tmp_path: Path) -> Project:
    """Return a built copy that a test may change."""
    return built.copy(tmp_path)
