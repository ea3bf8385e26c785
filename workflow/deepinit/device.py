"""Where tensors are computed, decided once per job, and the settings that make it repeatable."""

import os

import torch

from deepinit.errors import UserError


class DeviceUnavailable(UserError):
    """The device that the configuration asks for is not on this machine."""


def choose_device(request: str, gpus: int | None = None) -> torch.device:
    """Return the torch device for `request`: "auto", "cpu" or "cuda".

    "auto" takes the first visible CUDA device if there is one, else the CPU; the CPU too if `gpus`,
    the number that a scheduler gave to this process, is 0.

    Raises:
        DeviceUnavailable: "cuda" was asked for and torch sees no CUDA device.
        ValueError: `request` is none of the three.
    """
    if request not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device must be 'auto', 'cpu' or 'cuda', not {request!r}")
    available = torch.cuda.is_available()
    if request == "cuda" and not available:
        raise DeviceUnavailable(
            "the configuration says 'device: cuda' but torch sees no CUDA device on this machine; "
            "write 'device: auto' to fall back on the CPU, or run on a machine with a GPU"
        )
    given = request == "cuda" or (request == "auto" and gpus != 0)
    return torch.device("cuda" if available and given else "cpu")


def make_repeatable(threads: int = 1) -> None:
    """Fix torch's threads and algorithms so that the same job gives the same bytes again."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    # Otherwise every new tensor is filled before it is written.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cuda.matmul.allow_tf32 = False
