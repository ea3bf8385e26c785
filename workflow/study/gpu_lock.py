"""One GPU to one process at a time, among the processes of one user on one machine.

Jobs that run side by side see the same GPUs, and nothing in CUDA keeps two of them from the same
one. So a job locks a file named after the device before it computes there. The name is the UUID of
the device, because its index depends on CUDA_VISIBLE_DEVICES, which may differ between two jobs.

The lock is that of the operating system on an open file (flock): it ends with the process, however
that ends, and leaves nothing behind that would have to be cleared up.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from study.errors import UserError

#: Seconds between two looks at GPUs that are all taken; a look costs some microseconds each.
_PAUSE = 1.0
#: The locks of this process: kept here, they last until it ends.
_HELD: list[FileLock] = []


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


def _try_each(gpus: Sequence[Gpu]) -> Gpu | None:
    """Return the first GPU that is free, taken; None if none is."""
    folder = Path(tempfile.gettempdir()) / f"deepinit-gpus-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for gpu in gpus:
            path = folder / f"{gpu.uuid.replace('/', '_')}.lock"
            # Where a file system has no locks, a file that is merely there would outlive its process.
            lock = FileLock(path, blocking=False, thread_local=False, fallback_to_soft=False)
            try:
                lock.acquire()
            except Timeout:
                continue
            _HELD.append(lock)
            return gpu
    except OSError as error:
        raise UserError(
            f"a job that computes on a GPU marks it as taken in the folder {folder}, which cannot be "
            f"used ({error.strerror}): set TMPDIR to a folder that you can write to, the same for all jobs"
        ) from error
    return None


def take_gpu(gpus: Sequence[Gpu], say: Callable[[str], None]) -> Gpu:
    """Return the first GPU that no other process has taken, this process's own until it ends.

    Args:
        gpus: the devices visible to this process, at least one, in the order of preference.
        say: is told in a sentence that all are taken, and when one is free.

    Raises:
        UserError: the folder of the locks cannot be written to.
    """
    if taken := _try_each(gpus):
        return taken
    start = time.monotonic()
    number = "the only visible GPU is" if len(gpus) == 1 else f"all {len(gpus)} visible GPUs are"
    say(f"{number} taken by other jobs: waiting until one is free")
    while taken is None:
        time.sleep(_PAUSE)
        taken = _try_each(gpus)
    waited = time.monotonic() - start
    say(f"GPU {taken.index} is free, after {waited:.0f} s")
    return replace(taken, waited=waited)
