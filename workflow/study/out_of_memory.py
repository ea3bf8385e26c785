"""What it looks like when memory runs out, on the CPU and on a GPU."""

import re

# Torch has a class of its own only for its own allocations on a GPU; its CPU allocator and the
# libraries that it calls say it in words.
_WORDS = ("out of memory", "can't allocate memory", "not enough memory", "_ALLOC_FAILED")
_ASKED = re.compile(r"[Tt]ried to allocate ([\d.]+ \w+)")
_CAPACITY = re.compile(r"total capacity of ([\d.]+ \w+)")


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error means that memory ran out, that of the host or of a GPU."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error) for word in _WORDS)


def is_of_gpu(error: BaseException) -> bool:
    """Return whether the memory that ran out is that of a GPU."""
    return any(word in str(error) for word in ("CUDA", "CUBLAS", "CUDNN", "CUSOLVER", "CUFFT"))


def out_of_memory_sentence(error: BaseException) -> str:
    """Return what was asked for and what to do, for an error that `is_out_of_memory` knows."""
    asked, capacity = (pattern.search(str(error)) for pattern in (_ASKED, _CAPACITY))
    if not is_of_gpu(error):
        return "out of memory: run fewer jobs at a time (--cores) or a smaller preset"
    details = f" ({asked[1]} more were asked for" if asked else ""
    details += f"; it has {capacity[1]}" if asked and capacity else ""
    return (
        f"out of GPU memory{details}{')' if details else ''}: use a GPU with more, make sure that no "
        "other program is using it, or write 'device: cpu'; smaller sizes in the configuration need less"
    )
