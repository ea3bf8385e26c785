"""The choice of a device, and agreement of a GPU with the CPU where there is one."""

import pytest
import torch
from scipy import stats

from deepinit.device import DeviceUnavailable, choose_device, make_repeatable
from deepinit.random_stream import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.simulate.residual import fractional_weights, independent_weights
from deepinit.simulate.residual_reduced import independent_gaussian_weights

FALSE_ALARM = 1e-4
needs_cuda = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device on this machine"
)


def test_auto_takes_cuda_only_where_there_is_one():
    assert choose_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert choose_device("cpu").type == "cpu"


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="'auto', 'cpu' or 'cuda'"):
        choose_device("tpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="torch sees a CUDA device")
def test_cuda_without_a_gpu_is_explained():
    with pytest.raises(DeviceUnavailable, match="device: auto"):
        choose_device("cuda")


def _ratios(sampler: str, device: str) -> torch.Tensor:
    stream = RandomStream(seed_sequence(1, "devices", sampler, device), device)
    if sampler == "reduced":
        ratios = independent_gaussian_weights(100, 40, 0.5, 2000, stream, gradients=True)
    elif sampler == "drawn":
        ratios = independent_weights(
            100, 40, 0.5, 2000, stream, law="uniform", inputs="uniform", gradients=True, batch=100
        )
    else:
        ratios = fractional_weights(100, 40, 0.3, [0.5], 200, 1, stream, inputs="uniform")
    return torch.stack([ratios.output_norm, ratios.gradient_norm]).flatten(1).cpu()


@needs_cuda
@pytest.mark.parametrize("sampler", ["reduced", "drawn", "fractional"])
def test_a_gpu_draws_the_same_law_as_the_cpu(sampler):
    """KS on outputs and gradients; n = 2000 (200 for fractional weights) on each device."""
    make_repeatable()
    for cpu, gpu in zip(_ratios(sampler, "cpu"), _ratios(sampler, "cuda"), strict=True):
        assert stats.ks_2samp(cpu.numpy(), gpu.numpy()).pvalue > FALSE_ALARM / 6


@needs_cuda
def test_a_gpu_repeats_its_own_numbers():
    make_repeatable()
    assert torch.equal(_ratios("drawn", "cuda"), _ratios("drawn", "cuda"))
