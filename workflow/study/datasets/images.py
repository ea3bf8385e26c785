"""What every data set of images is: arrays as its files store them, verified."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deepinit.training.images import Images
from study.errors import UserError


class DatasetError(UserError):
    """A file of a data set is missing, damaged or not what its name says."""


@dataclass(frozen=True)
class ByteImages:
    """A classification data set as its files store it, all arrays uint8.

    Attributes:
        train_images: grey values 0 … 255, shape (n_train, channels, rows, columns).
        train_labels: classes, shape (n_train,).
        test_images: grey values 0 … 255, shape (n_test, channels, rows, columns).
        test_labels: classes, shape (n_test,).

    Raises:
        ValueError: types or shapes do not belong together.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray

    def __post_init__(self) -> None:
        train, test = self.train_images, self.test_images
        arrays = (train, self.train_labels, test, self.test_labels)
        if (
            any(array.dtype != np.uint8 for array in arrays)
            or train.ndim != 4
            or train.shape[1:] != test.shape[1:]
            or self.train_labels.shape != train.shape[:1]
            or self.test_labels.shape != test.shape[:1]
        ):
            described = ", ".join(f"{array.dtype} {array.shape}" for array in arrays)
            raise ValueError(f"arrays of images and labels do not belong together: {described}")

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
        DatasetError: the file is unreadable or damaged.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error}); {remedy}") from error
    actual = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    if actual != expected:
        raise DatasetError(
            f"{path} is damaged: its {algorithm} is {actual} instead of {expected}; {remedy}"
        )
    return content
