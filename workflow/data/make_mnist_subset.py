"""Make the MNIST subset that the project carries, byte for byte, from the full data set.

    python workflow/data/make_mnist_subset.py FOLDER_OF_FULL_MNIST workflow/data/mnist_subset

The full files are verified first. The selection is drawn at random from the whole of each
file (the first half of the official test file is easier than the second), each digit in its
proportion of the full file, and put in random order; the seed below fixes both.
"""

import argparse
import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from study.datasets.mnist import (
    CHECKSUM_FILE,
    MNIST_FILES,
    encode_idx,
    find_mnist,
    read_mnist_arrays,
)
from study.errors import UserError

SEED = 20260101
SIZES = {"train": 10_000, "t10k": 2_000}


def stratified_sizes(counts: np.ndarray, size: int) -> np.ndarray:
    """Share `size` out in proportion to `counts`, by largest remainders.

    Args:
        counts: number of images of each class, shape (classes,).
        size: number of images wanted in all.

    Returns:
        Number of images to take of each class, shape (classes,), with sum `size`; each differs
        from the exact proportion by less than one.
    """
    scaled = counts * size
    sizes = scaled // counts.sum()
    by_remainder = np.argsort(-(scaled % counts.sum()), kind="stable")
    sizes[by_remainder[: size - sizes.sum()]] += 1
    return sizes


def select(labels: np.ndarray, size: int, random: np.random.RandomState) -> np.ndarray:
    """Return the positions of `size` images, stratified by class, in random order.

    `RandomState` is used because numpy guarantees its streams never change between versions.
    """
    classes, counts = np.unique(labels, return_counts=True)
    chosen = [
        random.permutation(np.flatnonzero(labels == digit))[:number]
        for digit, number in zip(classes, stratified_sizes(counts, size), strict=True)
    ]
    return random.permutation(np.concatenate(chosen))


def compress(content: bytes) -> bytes:
    """Return `content` in gzip form (RFC 1952) without time or file name.

    The header is written here because the one of Python's gzip module changed with Python 3.13.
    The deflate stream inside is that of the zlib library Python was built with.
    """
    header = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
    packer = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS)
    body = packer.compress(content) + packer.flush()
    return header + body + struct.pack("<II", zlib.crc32(content), len(content))


def make_subset(source: Path, target: Path) -> None:
    """Write the four files of the subset and their checksums into `target`.

    Raises:
        UserError: a file of the full data set is missing or damaged.
    """
    arrays = read_mnist_arrays(find_mnist(source))
    random = np.random.RandomState(SEED)
    target.mkdir(parents=True, exist_ok=True)
    sums = []
    for part, size in SIZES.items():
        names = [name for name in MNIST_FILES if name.startswith(part)]
        positions = select(arrays[f"{part}-labels-idx1-ubyte"], size, random)
        for name in names:
            packed = compress(encode_idx(arrays[name][positions]))
            (target / f"{name}.gz").write_bytes(packed)
            sums.append(f"{hashlib.sha256(packed).hexdigest()}  {name}.gz\n")
    (target / CHECKSUM_FILE).write_text("".join(sums), encoding="ascii")


def main() -> None:
    """Read the two folders from the command line and make the subset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder of the full MNIST files (gzip or not)")
    parser.add_argument("target", type=Path, help="folder to write the subset into")
    arguments = parser.parse_args()
    try:
        make_subset(arguments.source, arguments.target)
    except UserError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


if __name__ == "__main__":
    main()
