"""The choice of a device, its settings, and the law of a GPU's numbers where there is one.

What a GPU makes of given numbers is compared with the CPU in `test_devices_agree.py`.
"""

import os
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy import stats

from deepinit.conv.convolution import lengths, smooth_image
from deepinit.dense.squared_length import sample_lengths
from deepinit.meanfield.sample_variance import sample_statistics
from deepinit.random import RandomStream
from deepinit.resnet.ratios import fractional_weights, independent_weights
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from deepinit.resnet.scaled_modules import log_lengths
from deepinit.resnet.single_weight import inside_weights
from deepinit.resnet.smooth_weights import smooth_weights
from deepinit.seeds import seed_sequence
from study.device import choose_device, make_repeatable
from study.errors import UserError

FALSE_ALARM = 1e-4
needs_cuda = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device on this machine"
)


def test_auto_takes_cuda_where_there_is_one_and_the_job_was_not_given_none(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto", 1).type == choose_device("auto").type == "cuda"
    assert choose_device("auto", 0).type == choose_device("cpu").type == "cpu"
    assert choose_device("cuda", 0).type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto", 1).type == "cpu"


@pytest.mark.parametrize(
    ("build", "visible", "cause"),
    [(None, None, "built without CUDA"), ("13.0", "", "CUDA_VISIBLE_DEVICES is ''")],
)
def test_why_there_is_no_gpu_is_said_with_the_way_back_to_the_cpu(
    monkeypatch, build, visible, cause
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", build)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    with pytest.raises(UserError, match=rf"{cause}.*device: auto"):
        choose_device("cuda")


def test_what_repeats_and_keeps_all_digits_is_set():
    """The same names hold from torch 2.9 on, where the newer way of saying it came."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":0:0"
    make_repeatable()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    assert torch.are_deterministic_algorithms_enabled()
    assert not torch.is_deterministic_algorithms_warn_only_enabled()
    backends = torch.backends
    assert backends.cudnn.deterministic and not backends.cudnn.benchmark
    assert not backends.cuda.matmul.allow_tf32 and not backends.cudnn.allow_tf32
    for settings in (backends, backends.cuda.matmul, backends.cudnn, backends.cudnn.conv):
        assert settings.fp32_precision == "ieee"
    assert torch.get_float32_matmul_precision() == "highest"


IMAGE = smooth_image(12, 3, 2.0, np.random.default_rng(1))
#: Name ↦ from a stream to numbers of independent networks, (networks, quantities).
SAMPLERS: dict[str, Callable[[RandomStream], torch.Tensor]] = {
    "reduced": lambda stream: _both(independent_gaussian_weights(100, 40, 0.5, 2000, stream)),
    "drawn": lambda stream: _both(
        independent_weights(100, 40, 0.5, 2000, stream, law="uniform", inputs="uniform", batch=100)
    ),
    "fractional": lambda stream: _both(
        fractional_weights(100, 40, 0.3, [0.5], 200, 1, stream, inputs="uniform")
    ),
    "smooth": lambda stream: _both(
        smooth_weights(50, 20, 0.5, 1000, stream, weights="process", inputs="uniform")
    ),
    "inside": lambda stream: _both(
        inside_weights(
            50, 20, 0.5, 1000, stream, activation="tanh", weights="uniform", inputs="uniform"
        )
    ),
    "sample variance": lambda stream: torch.stack(
        [part[:, -1] for part in sample_statistics(60, 10, 20, 1000, stream)], dim=1
    ),
    **{
        f"length, {law}": lambda stream, law=law: sample_lengths(
            [30] * 10, 1000, stream, law=law, reduced=False
        ).log_length[:, [0, -1]]
        for law in ("he_normal", "he_normal_truncated", "he_uniform", "orthogonal")
    },
    "modules": lambda stream: log_lengths(
        [0.5] * 10, 5, 2000, stream, hidden=5, ending="relu", reduced=False
    )[:, [0, -1]],
    "convolution": lambda stream: torch.from_numpy(
        lengths(IMAGE, 8, 6, 1000, stream, kernel=3, padding="circular").log_length[:, [0, -1]]
    ),
}


def _both(ratios) -> torch.Tensor:
    return torch.stack(
        [ratios.log_output_norm.flatten(), ratios.log_gradient_norm.flatten()], dim=1
    )


def _sample(sampler: str, where: str) -> np.ndarray:
    stream = RandomStream(seed_sequence(1, "devices", sampler, where), where)
    return SAMPLERS[sampler](stream).double().cpu().numpy()


def assert_same_law(first: np.ndarray, second: np.ndarray) -> None:
    """Compare samples (n, quantities): KS, Welch's test of means, Levene's test of variances.

    The level of all tests of all samplers together is FALSE_ALARM (Bonferroni).
    """
    level = FALSE_ALARM / (3 * first.shape[1] * len(SAMPLERS))
    for ours, theirs in zip(first.T, second.T, strict=True):
        # Dead networks have the logarithm −∞: equally often, and the others are compared.
        ours, theirs = (np.maximum(values, -1e3) for values in (ours, theirs))
        assert stats.ks_2samp(ours, theirs).pvalue > level
        assert stats.ttest_ind(ours, theirs, equal_var=False).pvalue > level
        assert stats.levene(ours, theirs).pvalue > level


@needs_cuda
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_gpu_draws_the_same_law_as_the_cpu(sampler):
    """Outputs and gradients, or first and last layer; n = 1000 or 2000 (200: fractional) on each."""
    make_repeatable()
    assert_same_law(_sample(sampler, "cpu"), _sample(sampler, "cuda"))


@needs_cuda
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_gpu_repeats_its_own_numbers(sampler):
    make_repeatable()
    assert np.array_equal(_sample(sampler, "cuda"), _sample(sampler, "cuda"))
