"""One GPU to one process at a time: real processes, stand-ins for the devices."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from study.errors import UserError
from study.gpu_lock import Gpu, take_gpu

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
#: Takes one of the devices, says which, and keeps it until its input ends. No torch: fast to start.
HOLDER = """
import json, sys, tempfile, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from study.gpu_lock import Gpu, take_gpu
tempfile.tempdir = sys.argv[2]
gpus = [Gpu(*gpu) for gpu in json.loads(sys.argv[3])]
taken = take_gpu(gpus, lambda sentence: print("said", sentence, flush=True))
print("took", taken.index, taken.uuid, time.process_time(), flush=True)
sys.stdin.read()
"""
TWO = [(0, "aaaa", "model"), (1, "bbbb", "model")]


class Holder:
    """A process that takes a device, and keeps it until it is killed."""

    def __init__(self, folder: Path, gpus: list[tuple]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, WORKFLOW, folder, json.dumps(gpus)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        """Return the next line that it prints."""
        return self.process.stdout.readline().strip()


@pytest.fixture
def hold(tmp_path: Path):
    """Return a function that starts a holder."""
    holders: list[Holder] = []

    def start(gpus: list[tuple]) -> Holder:
        holders.append(Holder(tmp_path, gpus))
        return holders[-1]

    yield start
    for holder in holders:
        holder.process.kill()
        holder.process.wait(timeout=120)
        holder.process.stdin.close()
        holder.process.stdout.close()


Start = Callable[[list[tuple]], Holder]


def took(holder: Holder) -> tuple[str, float]:
    """Return the UUID of the device that a holder says it took, and its processor time until then."""
    said, _, uuid, seconds = holder.line().split()
    assert said == "took"
    return uuid, float(seconds)


@pytest.mark.slow
def test_processes_on_two_devices_take_both_and_a_third_waits_until_one_is_killed(hold: Start):
    first, second = hold(TWO), hold(TWO)
    (one, started), (other, _) = took(first), took(second)
    assert {one, other} == {"aaaa", "bbbb"}
    third = hold(TWO)
    assert third.line().startswith("said all 2 visible GPUs are taken")
    time.sleep(1.5)
    second.process.send_signal(signal.SIGKILL)
    assert "is free" in third.line()
    uuid, waited = took(third)
    assert uuid == other
    # More than a second, all of which a loop without pauses would take, beside start and imports.
    assert waited - started < 0.6


def test_a_device_is_the_same_under_another_index(hold: Start):
    """Two jobs whose CUDA_VISIBLE_DEVICES differ: what one calls 0 the other calls 1."""
    assert took(hold([(0, "bbbb", "model")]))[0] == "bbbb"
    assert took(hold(TWO))[0] == "aaaa"
    assert "waiting" in hold([(0, "bbbb", "model"), (1, "aaaa", "model")]).line()


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep the locks in a folder of this test's; return what is said."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return []


def test_what_is_taken_in_this_process_is_not_given_twice(said: list[str], tmp_path: Path):
    gpus = [Gpu(*gpu) for gpu in TWO]
    assert [take_gpu(gpus, said.append) for _ in range(2)] == gpus and not said
    (folder,) = tmp_path.iterdir()
    assert folder.name.endswith(f"-{os.getuid()}") and folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_explained(said: list[str], monkeypatch, tmp_path: Path):
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(UserError, match="set TMPDIR to a folder"):
        take_gpu([Gpu(0, "aaaa", "model")], said.append)
