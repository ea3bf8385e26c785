"""What it looks like when memory runs out, on the CPU and on a GPU."""

# Torch has a class of its own only for its own allocations on a GPU; its CPU allocator and the
# libraries that it calls say it in words.
_WORDS = ("out of memory", "can't allocate memory", "not enough memory", "_ALLOC_FAILED")
_OF_A_GPU = ("CUDA", "CUBLAS", "CUDNN", "CUSOLVER", "CUFFT")


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error means that memory ran out, that of the host or of a GPU."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error) for word in _WORDS)


def out_of_memory_sentence(error: BaseException) -> str:
    """Return what was said and what to do, for an error that `is_out_of_memory` knows."""
    if not any(word in str(error) for word in _OF_A_GPU):
        return "out of memory: run fewer jobs at a time (--cores) or a smaller preset"
    # What torch adds is about its own reserves.
    said = ". ".join(str(error).split(". ")[:3])
    return (
        f"out of GPU memory ({said}): use a GPU with more, make sure that no "
        "other program is using it, or write 'device: cpu'; smaller sizes in the configuration need less"
    )
