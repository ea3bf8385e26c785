"""The idx format of MNIST's files: magic number, big-endian sizes, unsigned bytes."""

import numpy as np

from study.datasets.images import DatasetError

_UNSIGNED_BYTE = 8


def encode_idx(array: np.ndarray) -> bytes:
    """Return the idx form of an array of unsigned bytes.

    Raises:
        ValueError: the array is of another type.
    """
    if array.dtype != np.uint8:
        raise ValueError(f"idx files of this project hold unsigned bytes, not {array.dtype}")
    magic = bytes([0, 0, _UNSIGNED_BYTE, array.ndim])
    return magic + np.array(array.shape, dtype=">u4").tobytes() + array.tobytes()


def decode_idx(content: bytes, name: str) -> np.ndarray:
    """Return the array of unsigned bytes that an idx file holds.

    Raises:
        DatasetError: the header is not that of an idx file of unsigned bytes, or the file is
            longer or shorter than its header says. `name` is the file to blame.
    """
    start = 4 + 4 * content[3] if len(content) > 3 else 0
    if content[:3] != bytes([0, 0, _UNSIGNED_BYTE]) or len(content) < start:
        raise DatasetError(f"{name} is not an idx file of unsigned bytes; fetch it again")
    shape = tuple(int(size) for size in np.frombuffer(content[4:start], dtype=">u4"))
    expected = start + int(np.prod(shape, dtype=np.int64))
    if len(content) != expected:
        raise DatasetError(
            f"{name} unpacks to {len(content)} bytes where its header {shape} asks for "
            f"{expected}; fetch it again"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)
