"""A data set of images as networks are trained on it."""

from dataclasses import dataclass

import numpy as np


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

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(max(self.train_labels.max(), self.test_labels.max())) + 1
