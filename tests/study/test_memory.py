"""What is told when memory runs out, and how many networks are trained together."""

import pytest
import torch

from deepinit.training.memory_groups import capacity, groups_that_fit
from study.out_of_memory import is_out_of_memory, out_of_memory_sentence

ON_A_GPU = (
    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 15.77 GiB of "
    "which 14.50 GiB is free. Process 123 has 1.27 GiB memory in use."
)
ON_THE_CPU = "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"


@pytest.mark.parametrize(
    ("error", "known"),
    [
        (torch.OutOfMemoryError(ON_A_GPU), True),
        (RuntimeError(ON_THE_CPU), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (MemoryError(), True),
        (RuntimeError("shape mismatch"), False),
        (ValueError("out of memory"), False),
    ],
    ids=str,
)
def test_running_out_of_memory_is_told_from_other_errors(error, known):
    assert is_out_of_memory(error) == known


def test_the_sentence_says_what_torch_says_and_what_to_do():
    sentence = out_of_memory_sentence(torch.OutOfMemoryError(ON_A_GPU))
    for words in ("GPU memory", "20.00 GiB", "'device: cpu'"):
        assert words in sentence
    assert "--cores" in out_of_memory_sentence(RuntimeError(ON_THE_CPU))


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
