"""Stand-ins of a few images for the complete data sets, in the formats of their files."""

import gzip
import hashlib
import io
import pickle
import tarfile

import numpy as np

from study.datasets.cifar10 import CIFAR10_FOLDER, CIFAR10_MD5
from study.datasets.mnist import MNIST_FILES, encode_idx


def md5(content: bytes) -> str:
    """Return the MD5 of `content`."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def small_mnist(*, packed: bool) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of 20 + 20 random images by file name, and their MD5s by idx name."""
    random = np.random.default_rng(2)
    files, sums = {}, {}
    for name in MNIST_FILES:
        if "images" in name:
            array = random.integers(0, 256, (20, 28, 28), dtype=np.uint8)
        else:
            array = np.arange(20, dtype=np.uint8) % 10
        content = encode_idx(array)
        content = gzip.compress(content, mtime=0) if packed else content
        files[f"{name}.gz" if packed else name] = content
        sums[name] = md5(content)
    return files, sums


def small_cifar10() -> tuple[dict[str, bytes], dict[str, np.ndarray]]:
    """Return six files of four random images each by name, and their tables of bytes by name."""
    random = np.random.default_rng(3)
    tables = {name: random.integers(0, 256, (4, 3072), dtype=np.uint8) for name in CIFAR10_MD5}
    files = {
        name: pickle.dumps({b"data": table, b"labels": [0, 3, 9, 5]}, protocol=2)
        for name, table in tables.items()
    }
    return files, tables


def cifar10_archive(files: dict[str, bytes]) -> bytes:
    """Return the files in an archive like the published one."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in {"readme.html": b"", **files}.items():
            member = tarfile.TarInfo(f"{CIFAR10_FOLDER}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()
