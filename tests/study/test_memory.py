"""What is told when memory runs out, and how many networks are trained together."""

import pytest
import torch

from deepinit.training.memory_groups import capacity, groups_that_fit
from study.errors import explanation

ON_A_GPU = (
    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 15.77 GiB of "
    "which 14.50 GiB is free. Process 123 has 1.27 GiB memory in use."
)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (torch.OutOfMemoryError(ON_A_GPU), ["20.00 GiB", "'device: cpu'"]),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory"),
            ["allocate memory", "--cores"],
        ),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"), ["ALLOC", "--cores"]),
        (MemoryError(), ["memory ran out"]),
    ],
    ids=str,
)
def test_what_to_do_is_told_when_memory_runs_out(error: Exception, words: list[str]):
    assert all(word in explanation(error) for word in words)


def test_other_errors_are_not_taken_for_memory_that_runs_out():
    assert explanation(RuntimeError("shape mismatch")) is None
    assert explanation(ValueError("out of memory")) is None


def test_on_a_gpu_networks_trained_together_take_a_third_of_its_memory_at_most(monkeypatch):
    gpu = torch.device("cuda", 0)
    total = type("Properties", (), {"total_memory": 12 << 30})
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: total)
    assert capacity(gpu, 16 << 30) == 4 << 30
    assert capacity(gpu, 1 << 30) == 1 << 30
    assert capacity(torch.device("cpu"), 16 << 30) == 16 << 30


def test_groups_are_as_few_as_fit_of_nearly_one_size_and_in_order():
    assert groups_that_fit(range(7), 10, 30) == [[0, 1, 2], [3, 4], [5, 6]]
    assert groups_that_fit([4, 2], 10, 100) == [[4, 2]]
    # A network that does not fit is a group of its own.
    assert groups_that_fit(range(2), 10, 1) == [[0], [1]]
