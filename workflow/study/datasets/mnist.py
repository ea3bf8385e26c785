"""MNIST from its four idx files, verified byte by byte before anything is used.

The same reader serves the subset that the project carries and the full data set, packed
with gzip or unpacked, plain or in torchvision's folder layout. A file is accepted only if
its checksum is the expected one: there is no partial result. Source of the full data set:
Yann LeCun and Corinna Cortes, "The MNIST database of handwritten digits".
"""

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from deepinit.training.images import Images
from study.datasets.idx import decode_idx
from study.datasets.images import ByteImages, DatasetError, verified_bytes

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
_SUBFOLDERS = (".", "MNIST/raw", "raw", "mnist")


def find_mnist(folder: Path) -> dict[str, Path]:
    """Return name ↦ path of those of the four files that are below `folder`.

    Packed files are preferred; names are those of `MNIST_FILES`.
    """
    found = {}
    for name in MNIST_FILES:
        candidates = (
            folder / subfolder / form for subfolder in _SUBFOLDERS for form in (f"{name}.gz", name)
        )
        if path := next((path for path in candidates if path.is_file()), None):
            found[name] = path
    return found


def read_mnist_arrays(folder: Path) -> dict[str, np.ndarray]:
    """Return the verified content of the four files by name: unsigned bytes, in idx shape.

    A folder with its own list of SHA-256 digests is the carried subset and is checked against
    that list; any other must hold the full data set and is checked against its published MD5s.

    Raises:
        DatasetError: a file is missing or damaged, or images and labels differ in number.
    """
    folder = Path(folder)
    if (folder / CHECKSUM_FILE).is_file():
        return _read_carried(folder)
    found = find_mnist(folder)
    for name in MNIST_FILES:
        if name not in found:
            raise DatasetError(
                f"{name} (or {name}.gz) is missing from {folder}; name a folder that holds the "
                "four MNIST files (as torchvision leaves them, or packed with gzip)"
            )
    return _read_full(found)


def read_mnist(files: Mapping[str, Path]) -> ByteImages:
    """Return the full MNIST from its four files, by the names of `MNIST_FILES`.

    Raises:
        DatasetError: a file is unreadable or damaged.
    """
    return _byte_images(_read_full(files))


def load_mnist(folder: Path | str) -> Images:
    """Return MNIST, whole or the carried subset, from `folder`.

    Raises:
        DatasetError: a file is missing, damaged or not what its name says.
    """
    return _byte_images(read_mnist_arrays(Path(folder))).scaled()


def _byte_images(arrays: Mapping[str, np.ndarray]) -> ByteImages:
    train_images, train_labels, test_images, test_labels = (arrays[name] for name in MNIST_FILES)
    return ByteImages(
        train_images=train_images[:, None],
        train_labels=train_labels,
        test_images=test_images[:, None],
        test_labels=test_labels,
    )


def _read_full(files: Mapping[str, Path]) -> dict[str, np.ndarray]:
    arrays = {}
    for name in MNIST_FILES:
        path = files[name]
        sums = MNIST_MD5_PACKED if path.suffix == ".gz" else MNIST_MD5_UNPACKED
        remedy = f"put a good copy there, or delete {path} and what is missing is fetched again"
        arrays[name] = _decoded(path, name, "md5", sums[name], remedy)
    return _consistent(arrays)


def _read_carried(folder: Path) -> dict[str, np.ndarray]:
    listing = folder / CHECKSUM_FILE
    remedy = f"restore the folder with 'git checkout -- {folder}'"
    sums = {}
    for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        sums[name.strip()] = digest
    arrays = {}
    for name in MNIST_FILES:
        path = folder / f"{name}.gz"
        if not path.is_file():
            raise DatasetError(
                f"{path} is missing from {folder}; restore it with 'git checkout -- {path}'"
            )
        if path.name not in sums:
            raise DatasetError(f"{listing} does not list {path.name}; {remedy}")
        arrays[name] = _decoded(path, name, "sha256", sums[path.name], remedy)
    return _consistent(arrays)


def _decoded(path: Path, name: str, algorithm: str, expected: str, remedy: str) -> np.ndarray:
    """Return the array in an idx file, packed or not, after its checksum was found right."""
    content = verified_bytes(path, algorithm, expected, remedy)
    if path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise DatasetError(f"{path} cannot be unpacked ({error}); {remedy}") from error
    return decode_idx(content, name)


def _consistent(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return `arrays` after images and labels were found to be equally many."""
    for images, labels in (MNIST_FILES[:2], MNIST_FILES[2:]):
        if arrays[images].ndim != 3 or arrays[labels].shape != arrays[images].shape[:1]:
            raise DatasetError(
                f"{images} and {labels} have shapes {arrays[images].shape} and "
                f"{arrays[labels].shape}, which do not belong together; fetch both again"
            )
    return arrays
