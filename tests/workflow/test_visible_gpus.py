"""How many GPUs Snakemake may count on: as many as torch says, where there is a driver."""

from pathlib import Path

import pytest

from pipeline import gpus


@pytest.fixture
def count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function: what is counted if Python, asked for the number, runs a script of a shell."""

    def counted(script: str, driver: bool = True) -> int:
        for name, text in (("python", script), ("nvidia-smi", "")):
            (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setattr(gpus.sys, "executable", str(tmp_path / "python"))
        monkeypatch.setenv("PATH", str(tmp_path if driver else tmp_path / "empty"))
        gpus.visible_gpus.cache_clear()
        return gpus.visible_gpus()

    yield counted
    gpus.visible_gpus.cache_clear()


def test_gpus_are_counted_by_torch(count):
    assert count("echo 3") == 3
    assert count("echo 3", driver=False) == 0


@pytest.mark.parametrize("script", ["exit 9", "echo no number", "exec /bin/sleep 30"])
def test_a_driver_that_is_out_of_order_does_no_harm(count, monkeypatch, script: str):
    monkeypatch.setattr(gpus, "_PATIENCE", 0.5)
    assert count(script) == 0
