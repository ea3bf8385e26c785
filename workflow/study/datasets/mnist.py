"""MNIST from its four idx files, verified byte by byte before anything is used.

An idx file is a magic number, big-endian sizes and unsigned bytes. The same reader serves the subset that
the project carries and the full data set, packed with gzip or unpacked, plain or in torchvision's folder
layout. A file is accepted only if its checksum is the expected one: there is no partial result. Source of
the full data set: Yann LeCun and Corinna Cortes, "The MNIST database of handwritten digits".
"""

import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from deepinit.training.images import Images
from study.datasets.images import ByteImages, verified_bytes
from study.errors import UserError

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


def encode_idx(array: np.ndarray) -> bytes:
    """Return the idx form of an array of unsigned bytes."""
    magic = bytes([0, 0, 8, array.ndim])
    return magic + np.array(array.shape, dtype=">u4").tobytes() + array.tobytes()


def _array(path: Path, algorithm: str, expected: str, remedy: str) -> np.ndarray:
    """Return the array in an idx file, packed or not, after its checksum was found right."""
    content = verified_bytes(path, algorithm, expected, remedy)
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    start = 4 + 4 * content[3]
    shape = np.frombuffer(content[4:start], dtype=">u4").astype(int)
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def read_mnist_arrays(files: Mapping[str, Path]) -> dict[str, np.ndarray]:
    """Return the arrays of the full data set, in idx shape, from its files by the names of `MNIST_FILES`.

    Raises:
        UserError: a file is missing, unreadable or damaged.
    """
    arrays = {}
    for name in MNIST_FILES:
        if name not in files:
            raise UserError(
                f"{name} (or {name}.gz) is missing; name a folder that holds the four MNIST files (as "
                "torchvision leaves them, or packed with gzip)"
            )
        path = files[name]
        sums = MNIST_MD5_PACKED if path.suffix == ".gz" else MNIST_MD5_UNPACKED
        remedy = f"put a good copy there, or delete {path} and what is missing is fetched again"
        arrays[name] = _array(path, "md5", sums[name], remedy)
    return arrays


def read_mnist(files: Mapping[str, Path]) -> ByteImages:
    """Return the full data set; as `read_mnist_arrays`."""
    return _byte_images(read_mnist_arrays(files))


def load_mnist(folder: Path | str) -> Images:
    """Return the carried subset from its folder, which lists the SHA-256 of its files.

    Raises:
        UserError: a file is missing or damaged.
    """
    folder = Path(folder)
    lines = (folder / CHECKSUM_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    sums = {words[-1]: words[0] for line in lines if (words := line.split())}
    remedy = f"restore the folder with 'git checkout -- {folder}'"
    paths = {name: folder / f"{name}.gz" for name in MNIST_FILES}
    arrays = {
        name: _array(path, "sha256", sums.get(path.name, "none"), remedy)
        for name, path in paths.items()
    }
    return _byte_images(arrays).scaled()


def _byte_images(arrays: Mapping[str, np.ndarray]) -> ByteImages:
    train_images, train_labels, test_images, test_labels = (arrays[name] for name in MNIST_FILES)
    return ByteImages(
        train_images=train_images[:, None],
        train_labels=train_labels,
        test_images=test_images[:, None],
        test_labels=test_labels,
    )
