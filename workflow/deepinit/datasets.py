"""MNIST from its four idx files, verified byte by byte before anything is used.

The same reader serves the subset that the project carries and the full data set, packed
with gzip or unpacked, plain or in torchvision's folder layout. A file is accepted only if
its checksum is the expected one: there is no partial result. Source of the full data set:
Yann LeCun and Corinna Cortes, "The MNIST database of handwritten digits".
"""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepinit.errors import UserError

CHECKSUM_FILE = "SHA256SUMS"
MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
#: MD5 of the full data set's files as published, in gzip form.
MNIST_MD5_PACKED = {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}
#: MD5 of the same files unpacked, computed from the packed files above.
MNIST_MD5_UNPACKED = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
_SUBFOLDERS = (".", "MNIST/raw", "raw")
_IDX_UNSIGNED_BYTE = 8


class DatasetError(UserError):
    """A file of a data set is missing, damaged or not what its name says."""


@dataclass(frozen=True)
class Images:
    """A classification data set of flattened images.

    Attributes:
        train_images: grey values in [0, 1], float32, shape (n_train, pixels).
        train_labels: classes, int64, shape (n_train,).
        test_images: grey values in [0, 1], float32, shape (n_test, pixels).
        test_labels: classes, int64, shape (n_test,).
        image_shape: (channels, rows, columns) of an image; their product is `pixels`.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    image_shape: tuple[int, int, int]


def encode_idx(array: np.ndarray) -> bytes:
    """Return the idx form of an array of unsigned bytes: magic number, big-endian sizes, data."""
    if array.dtype != np.uint8:
        raise ValueError(f"idx files of this project hold unsigned bytes, not {array.dtype}")
    magic = bytes([0, 0, _IDX_UNSIGNED_BYTE, array.ndim])
    return magic + np.array(array.shape, dtype=">u4").tobytes() + array.tobytes()


def decode_idx(content: bytes, name: str) -> np.ndarray:
    """Return the array of unsigned bytes that an idx file holds.

    Raises:
        DatasetError: the header is not that of an idx file of unsigned bytes, or the file is
            longer or shorter than its header says. `name` is the file to blame.
    """
    start = 4 + 4 * content[3] if len(content) > 3 else 0
    if content[:3] != bytes([0, 0, _IDX_UNSIGNED_BYTE]) or len(content) < start:
        raise DatasetError(f"{name} is not an idx file of unsigned bytes; fetch it again")
    shape = tuple(int(size) for size in np.frombuffer(content[4:start], dtype=">u4"))
    expected = start + int(np.prod(shape, dtype=np.int64))
    if len(content) != expected:
        raise DatasetError(
            f"{name} unpacks to {len(content)} bytes where its header {shape} asks for "
            f"{expected}; fetch it again"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _locate(folder: Path, name: str) -> Path | None:
    """Return the file `name`, packed or unpacked, below `folder`; None if there is none."""
    for subfolder in _SUBFOLDERS:
        for candidate in (folder / subfolder / f"{name}.gz", folder / subfolder / name):
            if candidate.is_file():
                return candidate
    return None


def _read_checksums(folder: Path) -> dict[str, str] | None:
    """Return SHA-256 digests by file name from the folder's own list; None if it has none."""
    path = folder / CHECKSUM_FILE
    if not path.is_file():
        return None
    sums = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        sums[name.strip()] = digest
    return sums


def _verified_bytes(folder: Path, name: str, carried: dict[str, str] | None) -> bytes:
    """Return the unpacked content of the file `name` after its checksum was found right.

    Raises:
        DatasetError: the file is missing, unreadable or damaged.
    """
    path = folder / f"{name}.gz" if carried is not None else _locate(folder, name)
    if path is None or not path.is_file():
        remedy = (
            f"restore it with 'git checkout -- {path}'"
            if carried is not None
            else "name a folder that holds the four MNIST files (as torchvision leaves them, or "
            "packed with gzip), or fetch them again"
        )
        raise DatasetError(f"{name} (or {name}.gz) is missing from {folder}; {remedy}")
    remedy = f"delete {path} and fetch it again"
    if carried is not None:
        algorithm, expected = "sha256", carried.get(path.name)
        remedy = f"restore the folder with 'git checkout -- {folder}'"
        if expected is None:
            raise DatasetError(f"{folder / CHECKSUM_FILE} does not list {path.name}; {remedy}")
    else:
        packed = path.suffix == ".gz"
        algorithm = "md5"
        expected = (MNIST_MD5_PACKED if packed else MNIST_MD5_UNPACKED)[name]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error}); {remedy}") from error
    actual = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    if actual != expected:
        raise DatasetError(
            f"{path} is damaged: its {algorithm} is {actual} instead of {expected}; {remedy}"
        )
    if path.suffix != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path} cannot be unpacked ({error}); {remedy}") from error


def read_mnist_arrays(folder: Path) -> dict[str, np.ndarray]:
    """Return the verified content of the four files by name: unsigned bytes, in idx shape.

    A folder with its own list of SHA-256 digests is the carried subset and is checked against
    that list; any other must hold the full data set and is checked against its published MD5s.

    Raises:
        DatasetError: a file is missing or damaged, or images and labels differ in number.
    """
    folder = Path(folder)
    carried = _read_checksums(folder)
    arrays = {
        name: decode_idx(_verified_bytes(folder, name, carried), name) for name in MNIST_FILES
    }
    for images, labels in (MNIST_FILES[:2], MNIST_FILES[2:]):
        if arrays[images].ndim != 3 or arrays[labels].shape != arrays[images].shape[:1]:
            raise DatasetError(
                f"{images} and {labels} in {folder} have shapes {arrays[images].shape} and "
                f"{arrays[labels].shape}, which do not belong together; fetch both again"
            )
    return arrays


def load_mnist(folder: Path | str) -> Images:
    """Return MNIST, whole or the carried subset, from `folder`.

    Raises:
        DatasetError: a file is missing, damaged or not what its name says.
    """
    arrays = read_mnist_arrays(Path(folder))
    train_images, train_labels, test_images, test_labels = (arrays[name] for name in MNIST_FILES)
    return Images(
        train_images=_flatten(train_images),
        train_labels=train_labels.astype(np.int64),
        test_images=_flatten(test_images),
        test_labels=test_labels.astype(np.int64),
        image_shape=(1, *train_images.shape[1:]),
    )


def _flatten(images: np.ndarray) -> np.ndarray:
    """Return images of bytes (n, rows, columns) as float32 in [0, 1], shape (n, pixels)."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat /= 255
    return flat
