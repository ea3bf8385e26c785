"""Where tensors are computed, decided once per job, and the settings that make it repeatable."""

import os
from collections.abc import Callable

import torch

from study.errors import UserError
from study.gpu_lock import Gpu, take_gpu

#: The GPU of this process once it has one.
_OWN: list[Gpu] = []


def choose_device(request: str, gpus: int | None = None) -> torch.device:
    """Return the torch device for `request`: "auto", "cpu" or "cuda".

    "auto" takes a CUDA device if torch sees one, else the CPU; the CPU too if `gpus`, the number
    that a scheduler gave to this process, is 0. Which one of several `own_gpu` decides.

    Raises:
        UserError: "cuda" was asked for and torch sees no CUDA device.
    """
    if request == "cpu" or (request == "auto" and gpus == 0):
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if request == "cuda":
        raise UserError(
            f"the configuration says 'device: cuda' but {why_no_gpu()}; "
            "write 'device: auto' to fall back on the CPU, or run on a machine with a GPU"
        )
    return torch.device("cpu")


def why_no_gpu() -> str:
    """Return that torch sees no GPU, with what may be the cause, for messages."""
    seen = "torch sees no CUDA device on this machine"
    if torch.version.cuda is None:
        return f"{seen} (it was built without CUDA)"
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return seen if visible is None else f"{seen} (CUDA_VISIBLE_DEVICES is {visible!r})"


def seen_gpus() -> list[Gpu]:
    """Return the CUDA devices that torch sees, which are those of CUDA_VISIBLE_DEVICES if it is set."""
    properties = map(torch.cuda.get_device_properties, range(torch.cuda.device_count()))
    return [Gpu(index, str(each.uuid), each.name) for index, each in enumerate(properties)]


def own_gpu(say: Callable[[str], None]) -> Gpu:
    """Return the GPU of this process, which no other of the user's processes gets until it ends.

    The first call takes it, and waits if all are taken; what torch makes on "cuda" is then there.

    Args:
        say: is told in a sentence that all are taken, and when one is free.

    Raises:
        UserError: the folder of the locks cannot be used.
    """
    if not _OWN:
        _OWN.append(take_gpu(seen_gpus(), say))
        torch.cuda.set_device(_OWN[0].index)
    return _OWN[0]


def make_repeatable() -> None:
    """Fix torch's threads and algorithms so that the same job gives the same bytes again.

    To be called before anything is computed on a GPU: cuBLAS reads its variable only once. In float32 all
    digits are kept, in convolutions too, where torch would use 10-bit fractions (TF32) by default.

    With deterministic algorithms torch refuses operations on a GPU that have none, rather than let
    them differ from run to run. Of those that it lists this project uses cumulative sums, which it
    takes on the CPU, and the negative log-likelihood, of which torch refuses only the form for
    pictures of classes. Interpolation by the nearest pixel is not refused, max-pooling is written as
    maxima (`deepinit.training.architectures`). QR decompositions and Fourier transforms are not on its list:
    cuSOLVER and cuFFT repeat them on the same device and version.
    """
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.set_num_threads(1)
    # `use_deterministic_algorithms(True)` does the same, but imports torch's compiler: more than a second.
    torch.set_deterministic_debug_mode("error")
    # Otherwise torch fills all memory that it takes with NaN first, a twentieth of a training's time.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.deterministic = True
    # Trying which algorithm is fastest may end differently each time.
    torch.backends.cudnn.benchmark = False
    # Both ways of saying it, the older one first: torch refuses to tell of a setting that only the
    # newer one has changed.
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    for settings in (
        torch.backends,
        torch.backends.cuda.matmul,
        torch.backends.cudnn,
        torch.backends.cudnn.conv,
    ):
        settings.fp32_precision = "ieee"
