"""CIFAR-10 from its archive or from torchvision's folder.

The files are Python pickles, a format that can call any function while it is read. So none is read
before its MD5 was found to be the published one: nobody knows how to make another file with the MD5
of a file that is given. Source: Alex Krizhevsky, "Learning Multiple Layers of Features from
Tiny Images", 2009.
"""

import io
import pickle
import tarfile
import zlib
from pathlib import Path

import numpy as np

from deepinit.training.images import Images
from study.datasets.images import ByteImages, DatasetError, verified_bytes

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
        DatasetError: a file is missing, damaged or not what its name says.
    """
    contents = _from_archive(path) if path.is_file() else _from_folder(path)
    batches = {name: _decoded(content) for name, content in contents.items()}
    training = [batches[name] for name in CIFAR10_MD5 if name != "test_batch"]
    test_images, test_labels = batches["test_batch"]
    return ByteImages(
        train_images=np.concatenate([images for images, _ in training]),
        train_labels=np.concatenate([labels for _, labels in training]),
        test_images=test_images,
        test_labels=test_labels,
    )


def load_cifar10(folder: Path | str) -> Images:
    """Return CIFAR-10 from a folder that has its archive or the files in it.

    Raises:
        DatasetError: a file is missing, damaged or not what its name says.
    """
    path = find_cifar10(Path(folder))
    if path is None:
        raise DatasetError(
            f"CIFAR-10 is missing from {folder}; name a folder that holds {CIFAR10_ARCHIVE}, or "
            f"{CIFAR10_FOLDER} with its six files (as torchvision leaves them)"
        )
    return read_cifar10(path).scaled()


def _from_folder(folder: Path) -> dict[str, bytes]:
    """Return name ↦ verified content of the six files."""
    return {
        name: verified_bytes(
            folder / name, "md5", md5, f"put a good copy there, or delete {folder / name}"
        )
        for name, md5 in CIFAR10_MD5.items()
    }


def _from_archive(path: Path) -> dict[str, bytes]:
    """Return name ↦ content of the six files in the verified archive; nothing is unpacked to disk."""
    remedy = f"put a good copy there, or delete {path} and it is fetched again"
    content = verified_bytes(path, "md5", CIFAR10_ARCHIVE_MD5, remedy)
    contents = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            for name in CIFAR10_MD5:
                member = archive.extractfile(f"{CIFAR10_FOLDER}/{name}")
                if member is None:
                    raise DatasetError(f"{name} in {path} is not a file; {remedy}")
                contents[name] = member.read()
    except (tarfile.TarError, KeyError, OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path} cannot be unpacked ({error}); {remedy}") from error
    return contents


def _decoded(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels of one file whose checksum was found right.

    Returns:
        Grey values 0 … 255, uint8, shape (n, 3, 32, 32): red, green, blue; and classes 0 … 9,
        uint8, shape (n,).
    """
    batch = pickle.loads(content, encoding="bytes")
    images = np.asarray(batch[b"data"], dtype=np.uint8).reshape(-1, *CIFAR10_SHAPE)
    return images, np.array(batch[b"labels"], dtype=np.uint8)
