"""What every data set of images is: arrays as its files store them, verified, and one file that jobs read.

That file is the same bytes wherever the originals came from, needs no unpacking, and holds nothing that could
be run: an uncompressed .npz, whose own checksums tell a damaged file.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepinit.training.images import Images
from study.errors import UserError
from study.files import atomic_path


@dataclass(frozen=True)
class ByteImages:
    """A classification data set as its files store it, all arrays uint8.

    Attributes:
        train_images: grey values 0 … 255, shape (n_train, channels, rows, columns).
        train_labels: classes, shape (n_train,).
        test_images: grey values 0 … 255, shape (n_test, channels, rows, columns).
        test_labels: classes, shape (n_test,).
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray

    def scaled(self) -> Images:
        """Return the data set as networks read it: grey values divided by 255."""
        return Images(
            train_images=_flatten(self.train_images),
            train_labels=self.train_labels.astype(np.int64),
            test_images=_flatten(self.test_images),
            test_labels=self.test_labels.astype(np.int64),
            image_shape=self.train_images.shape[1:],
        )


def _flatten(images: np.ndarray) -> np.ndarray:
    """Return images of bytes (n, …) as float32 in [0, 1], shape (n, pixels)."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat /= 255
    return flat


def verified_bytes(path: Path, algorithm: str, expected: str, remedy: str) -> bytes:
    """Return the content of a file after its checksum was found right.

    Args:
        algorithm: a name that `hashlib.new` knows.
        expected: the digest, hexadecimal.
        remedy: what a person can do if it is wrong.

    Raises:
        UserError: the file is unreadable or damaged.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error}); {remedy}") from error
    actual = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    if actual != expected:
        raise UserError(
            f"{path} is damaged: its {algorithm} is {actual} instead of {expected}; {remedy}"
        )
    return content


def write_data_file(path: Path, images: ByteImages) -> None:
    """Write `images` to `path` in one step.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with atomic_path(path) as temporary:
        np.savez(temporary, allow_pickle=False, **vars(images))


def read_data_file(path: Path) -> Images:
    """Return the data set in `path`.

    Raises:
        UserError: the file is missing, damaged or of another kind.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return ByteImages(**arrays).scaled()
    except FileNotFoundError:
        raise UserError(f"{path} is missing; run again, which makes it") from None
    except MemoryError:
        raise
    # Any part of the archive may be what is damaged, its own tables included.
    except Exception as error:
        raise UserError(
            f"{path} is damaged ({error}); delete it and run again: it is made from the "
            "files of the data set, which need not be fetched again"
        ) from error
