"""One GPU to one process at a time; stand-ins for the devices.

The lock is the operating system's, on an open file: a second one meets it in this process as in another.
"""

import os
from pathlib import Path

import pytest

from study import gpu_lock
from study.errors import UserError
from study.gpu_lock import Gpu, take_gpu

TWO = [Gpu(0, "aaaa", "model"), Gpu(1, "bbbb", "model")]


@pytest.fixture(autouse=True)
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep the locks in a folder of this test's, and for its time; return what is said."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(gpu_lock, "_HELD", [])
    return []


def test_two_take_both_devices_and_a_third_waits_until_one_is_free(
    said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert [take_gpu(TWO, said.append) for _ in range(2)] == TWO and not said
    (folder,) = tmp_path.iterdir()
    assert folder.name.endswith(f"-{os.getuid()}") and folder.stat().st_mode & 0o077 == 0
    # As the operating system does when a process ends.
    monkeypatch.setattr("time.sleep", lambda seconds: gpu_lock._HELD.pop().release())
    assert take_gpu(TWO, said.append).uuid == "bbbb"
    assert said[0].startswith("all 2 visible GPUs are taken") and "is free" in said[1]


def test_a_device_is_the_same_under_another_index(said: list[str], monkeypatch: pytest.MonkeyPatch):
    """Two jobs whose CUDA_VISIBLE_DEVICES differ: what one calls 0 the other calls 1."""
    assert take_gpu([Gpu(0, "bbbb", "model")], said.append).uuid == "bbbb"
    assert take_gpu(TWO, said.append).uuid == "aaaa"
    monkeypatch.setattr("time.sleep", lambda seconds: gpu_lock._HELD.pop().release())
    swapped = [Gpu(0, "bbbb", "model"), Gpu(1, "aaaa", "model")]
    assert take_gpu(swapped, said.append).uuid == "aaaa" and "taken" in said[0]


def test_a_folder_that_cannot_be_made_is_explained(said: list[str], monkeypatch, tmp_path: Path):
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(UserError, match="set TMPDIR to a folder"):
        take_gpu(TWO, said.append)
