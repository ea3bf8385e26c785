"""Stand-ins of a few images for the complete data sets, in the formats of their files."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile

import numpy as np

from study.datasets.cifar10 import CIFAR10_FOLDER, CIFAR10_MD5
from study.datasets.idx import encode_idx
from study.datasets.mnist import MNIST_FILES


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


def _text(word: bytes) -> bytes:
    return pickle.SHORT_BINSTRING + bytes([len(word)]) + word


def _number(value: int) -> bytes:
    return pickle.BININT + struct.pack("<i", value)


def pickled_array(table: np.ndarray, code: bytes = b"u1", *, by_columns: bool = False) -> bytes:
    """Return the opcodes with which Python 2 pickled a table of numpy."""
    content = table.tobytes(order="F" if by_columns else "C")
    return b"".join(
        [
            b"cnumpy.core.multiarray\n_reconstruct\n",
            b"cnumpy\nndarray\n" + _number(0) + pickle.TUPLE1 + _text(b"b"),
            pickle.TUPLE3 + pickle.REDUCE,
            pickle.MARK + _number(1) + _number(table.shape[0]) + _number(table.shape[1]),
            pickle.TUPLE2,
            b"cnumpy\ndtype\n" + _text(code) + _number(0) + _number(1),
            pickle.TUPLE3 + pickle.REDUCE,
            pickle.MARK + _number(3) + _text(b"|") + pickle.NONE * 3,
            _number(-1) + _number(-1) + _number(0) + pickle.TUPLE + pickle.BUILD,
            pickle.NEWTRUE if by_columns else pickle.NEWFALSE,
            pickle.BINSTRING + struct.pack("<i", len(content)) + content,
            pickle.TUPLE + pickle.BUILD,
        ]
    )


def pickled_batch(data: bytes, labels: list[int]) -> bytes:
    """Return a file of CIFAR-10 as Python 2 pickled it: protocol 2, its strings without encoding.

    Args:
        data: opcodes of the array.
    """
    return b"".join(
        [
            pickle.PROTO + b"\x02" + pickle.EMPTY_DICT + pickle.MARK,
            _text(b"batch_label") + _text(b"training batch 1 of 5"),
            _text(b"labels") + pickle.EMPTY_LIST + pickle.MARK,
            *map(_number, labels),
            pickle.APPENDS + _text(b"data") + data,
            _text(b"filenames") + pickle.EMPTY_LIST + pickle.MARK,
            *(_text(b"leptodactylus_pentadactylus_s_000004.png") for _ in labels),
            pickle.APPENDS + pickle.SETITEMS + pickle.STOP,
        ]
    )


def small_cifar10() -> tuple[dict[str, bytes], dict[str, np.ndarray]]:
    """Return six files of four random images each by name, and their tables of bytes by name."""
    random = np.random.default_rng(3)
    tables = {name: random.integers(0, 256, (4, 3072), dtype=np.uint8) for name in CIFAR10_MD5}
    files = {
        name: pickled_batch(pickled_array(table), [0, 3, 9, 5]) for name, table in tables.items()
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
