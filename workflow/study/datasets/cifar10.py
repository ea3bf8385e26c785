"""CIFAR-10 from its archive or from torchvision's folder.

The files are Python pickles, a format that can call any function while it is read. So none is read
before its MD5 was found to be the published one: nobody knows how to make another file with the MD5
of a file that is given. Source: Alex Krizhevsky, "Learning Multiple Layers of Features from
Tiny Images", 2009.
"""

import io
import pickle
import tarfile
from pathlib import Path

import numpy as np

from study.datasets.images import ByteImages, verified_bytes

CIFAR10_ARCHIVE = "cifar-10-python.tar.gz"
#: As published, in the form of torchvision's and of the author's page.
CIFAR10_ARCHIVE_MD5 = "c58f30108f718f92721af3b95e74349a"
CIFAR10_FOLDER = "cifar-10-batches-py"
#: MD5 of the files in the archive, those with which torchvision checks its folder.
CIFAR10_MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
CIFAR10_SHAPE = (3, 32, 32)
_PARENTS = (".", "cifar10", "CIFAR10")


def find_cifar10(folder: Path) -> Path | None:
    """Return the folder of all six files, or else the archive, below `folder`; None for neither."""
    for parent in _PARENTS:
        for batches in (folder / parent / CIFAR10_FOLDER, folder / parent):
            if all((batches / name).is_file() for name in CIFAR10_MD5):
                return batches
    archives = (folder / parent / CIFAR10_ARCHIVE for parent in _PARENTS)
    return next((path for path in archives if path.is_file()), None)


def read_cifar10(path: Path) -> ByteImages:
    """Return CIFAR-10 from the folder of its six files or from its archive.

    Raises:
        UserError: a file is missing or damaged.
    """
    remedy = "put a good copy there, or delete {} and it is fetched again"
    if path.is_file():
        content = verified_bytes(path, "md5", CIFAR10_ARCHIVE_MD5, remedy.format(path))
        # Nothing is unpacked to disk.
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            batches = {
                name: _decoded(archive.extractfile(f"{CIFAR10_FOLDER}/{name}").read())
                for name in CIFAR10_MD5
            }
    else:
        batches = {
            name: _decoded(verified_bytes(path / name, "md5", md5, remedy.format(path / name)))
            for name, md5 in CIFAR10_MD5.items()
        }
    training = [batches[name] for name in CIFAR10_MD5 if name != "test_batch"]
    test_images, test_labels = batches["test_batch"]
    return ByteImages(
        train_images=np.concatenate([images for images, _ in training]),
        train_labels=np.concatenate([labels for _, labels in training]),
        test_images=test_images,
        test_labels=test_labels,
    )


def _decoded(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels of one file whose checksum was found right.

    Returns:
        Grey values 0 … 255, uint8, shape (n, 3, 32, 32): red, green, blue; and classes 0 … 9,
        uint8, shape (n,).
    """
    batch = pickle.loads(content, encoding="bytes")
    images = np.asarray(batch[b"data"], dtype=np.uint8).reshape(-1, *CIFAR10_SHAPE)
    return images, np.array(batch[b"labels"], dtype=np.uint8)
