"""What a person reads when something is wrong: one or two sentences on what it is and what to do."""

import errno
import re

#: Libraries say it in words: torch has a class of its own only for its own allocations on a GPU.
_OUT_OF_MEMORY = r"out of memory|can't allocate memory|not enough memory|_ALLOC_FAILED"


class UserError(Exception):
    """Shown as it is, without a traceback."""


def explanation(error: BaseException) -> str | None:
    """Return a sentence on what is wrong and what to do; None for an error nobody foresaw.

    A library's clean-up may fail because of the first error and hide it, so the errors before
    this one are looked at too.
    """
    seen: BaseException | None = error
    while seen is not None:
        if sentence := _sentence(seen):
            return sentence
        seen = seen.__cause__ or seen.__context__
    return None


def _sentence(error: BaseException) -> str | None:
    if isinstance(error, UserError):
        return str(error)
    told = isinstance(error, RuntimeError) and re.search(_OUT_OF_MEMORY, str(error))
    if isinstance(error, MemoryError) or told:
        said = str(error).split(". GPU ")[0] or "memory ran out"
        return (
            f"{said.splitlines()[0]}: run fewer jobs at a time (--cores) or a smaller preset; on a GPU, "
            "make sure that no other program is using it, or write 'device: cpu' in the configuration"
        )
    if isinstance(error, RuntimeError) and re.search(r"CUDA|NVIDIA driver", str(error)):
        return (
            f"the GPU cannot be used ({str(error).splitlines()[0]}): a card that torch does not "
            "know, a driver that is too old, or another program that has it to itself; 'device: cpu' in the "
            "configuration computes without it"
        )
    if not isinstance(error, OSError):
        return None
    place = error.filename or "a result"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"no space left to write {place}: free some and run again; finished results are kept"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to read or write {place}: change the permissions there and run again"
    return None
