"""How many GPUs Snakemake may count on, with a stand-in for nvidia-smi on PATH."""

import os
from pathlib import Path

import pytest

from pipeline import gpus

WHOLE = """
GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-11111111-aaaa-4444-8888-000000000000)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-11111111-bbbb-4444-8888-000000000000)
GPU 2: NVIDIA (odd, name) GPU 9 (UUID: GPU-22222222-cccc-4444-8888-000000000000)
"""
CUT = """
GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-11111111-aaaa-4444-8888-000000000000)
  MIG 3g.20gb     Device  0: (UUID: MIG-aaaaaaaa-0000-5555-8888-000000000000)
  MIG 3g.20gb     Device  1: (UUID: MIG-bbbbbbbb-0000-5555-8888-000000000000)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-33333333-bbbb-4444-8888-000000000000)
"""


@pytest.fixture
def count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function: what is counted if nvidia-smi prints a text and the variable is set."""

    def counted(text: str, visible: str | None, after: str = "") -> int:
        (tmp_path / "text").write_text(text, encoding="utf-8")
        program = tmp_path / "nvidia-smi"
        program.write_text(f'#!/bin/sh\n[ "$1" = -L ] && cat "{tmp_path}/text"\n{after}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        if visible is None:
            monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        else:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        gpus.visible_gpus.cache_clear()
        return gpus.visible_gpus()

    yield counted
    gpus.visible_gpus.cache_clear()


@pytest.mark.parametrize(
    ("visible", "number"),
    [
        (None, 3), ("", 0), (" 1 , 2 ", 2), ("0,-1,1", 1), ("NoDevFiles", 0),
        ("GPU-22222222-cccc-4444-8888-000000000000", 1), ("0,1,2,3", 3),
    ],
)  # fmt: skip
def test_the_variable_is_read_as_cuda_reads_it(count, visible, number):
    assert count(WHOLE, visible) == number


@pytest.mark.parametrize(("visible", "number"), [(None, 1), ("MIG-bbbbbbbb", 1), ("", 0)])
def test_of_a_gpu_cut_into_parts_a_process_sees_one_part(count, visible, number):
    assert count(CUT, visible) == number


@pytest.mark.parametrize(
    ("text", "after", "number"),
    [
        ("NVIDIA-SMI has failed because it couldn't communicate with the driver.", "exit 9", 0),
        (WHOLE, r"printf '\377\376\n'", 3),
        (WHOLE, "exec sleep 30", 0),
    ],
    ids=["out of order", "no text", "hangs"],
)
def test_a_driver_that_is_out_of_order_does_no_harm(count, monkeypatch, text, after, number):
    if "sleep" in after:
        monkeypatch.setattr(gpus, "_PATIENCE", 0.5)
    assert count(text, None, after) == number


def test_without_the_program_there_is_no_gpu(count, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    gpus.visible_gpus.cache_clear()
    assert gpus.visible_gpus() == 0
