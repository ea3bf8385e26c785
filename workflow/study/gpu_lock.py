"""One GPU to one process at a time, among the processes of one user on one machine.

Jobs that run side by side see the same GPUs, and nothing in CUDA keeps two of them from the same
one. So a job locks a file named after the device before it computes there. The name is the UUID of
the device, because its index depends on CUDA_VISIBLE_DEVICES, which may differ between two jobs.

The lock is that of the operating system on an open file (flock): it ends with the process, however
that ends, and leaves nothing behind that would have to be cleared up.
"""

import os
import stat
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from study.errors import UserError

#: Seconds between two looks at GPUs that are all taken; a look costs some microseconds each.
_PAUSE = 1.0


class LockFolderUnusable(UserError):
    """The folder of the locks cannot be made or written, or belongs to somebody else."""


@dataclass(frozen=True)
class Gpu:
    """A GPU, or part of one, that this process sees.

    Attributes:
        index: as torch counts those that are visible to this process.
        uuid: what it is called by every process.
        name: of the model.
        waited: seconds until it was free.
    """

    index: int
    uuid: str
    name: str
    waited: float = 0.0


class TakenGpu:
    """A GPU that no other process gets while this object lives; see `take_gpu`."""

    def __init__(self, gpu: Gpu, lock: FileLock) -> None:
        self.gpu, self._lock = gpu, lock


def lock_folder() -> Path:
    """Return the user's folder of locks below the system's folder of temporary files."""
    return Path(tempfile.gettempdir()) / f"deepinit-gpus-{os.getuid()}"


def _own_folder(folder: Path) -> Path:
    """Make the folder if need be and return it.

    Raises:
        LockFolderUnusable: it cannot be made, or is not this user's own.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise _unusable(folder, error.strerror) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise _unusable(folder, "it belongs to somebody else")
    return folder


def _unusable(folder: Path, reason: str | None) -> LockFolderUnusable:
    return LockFolderUnusable(
        f"a job that computes on a GPU marks it as taken in the folder {folder}, which cannot be "
        f"used ({reason}): set TMPDIR to a folder that you can write to, the same for all jobs"
    )


def _try_each(gpus: Sequence[Gpu], folder: Path) -> TakenGpu | None:
    """Return the first GPU that is free, taken; None if none is."""
    for gpu in gpus:
        path = folder / f"{gpu.uuid.replace('/', '_')}.lock"
        # Where a file system has no locks, a file that is merely there would outlive its process.
        lock = FileLock(path, blocking=False, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire()
        except Timeout:
            continue
        except OSError as error:
            raise _unusable(folder, error.strerror) from error
        return TakenGpu(gpu, lock)
    return None


def take_gpu(
    gpus: Sequence[Gpu],
    say: Callable[[str], None] = lambda sentence: None,
    folder: Path | None = None,
) -> TakenGpu:
    """Return the first GPU that no other process has taken; wait if all are taken.

    It stays taken as long as what is returned is kept, at most until the process ends.

    Args:
        gpus: the devices visible to this process, in the order of preference.
        say: is told in a sentence that all are taken, and when one is free.
        folder: of the lock files, the same for all processes; None: `lock_folder()`.

    Raises:
        LockFolderUnusable: the folder cannot be written to.
        ValueError: there are no GPUs.
    """
    if not gpus:
        raise ValueError("there is no GPU to take")
    folder = _own_folder(lock_folder() if folder is None else folder)
    start = time.monotonic()
    taken = _try_each(gpus, folder)
    if taken is not None:
        return taken
    number = "the only visible GPU is" if len(gpus) == 1 else f"all {len(gpus)} visible GPUs are"
    say(f"{number} taken by other jobs: waiting until one is free")
    while taken is None:
        time.sleep(_PAUSE)
        taken = _try_each(gpus, folder)
    taken.gpu = replace(taken.gpu, waited=time.monotonic() - start)
    say(f"GPU {taken.gpu.index} is free, after {taken.gpu.waited:.0f} s")
    return taken
