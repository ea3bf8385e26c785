"""CIFAR-10 from its archive or from torchvision's folder, read without running anything in it.

The files are Python pickles, a format that can call any function while it is read. They are
read only after their checksums were found right, and even then by an unpickler that knows three
names, none of which leads to numpy or to any other code outside this file: an array is a
shape and a string of bytes. Source: Alex Krizhevsky, "Learning Multiple Layers of Features from
Tiny Images", 2009.
"""

import io
import pickle
import tarfile
import zlib
from pathlib import Path
from typing import Any

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
_CLASSES = 10
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
    batches = {name: decode_batch(content, name) for name, content in contents.items()}
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


class _Bytes:
    """Stands for numpy's type of unsigned bytes while a pickle is read."""

    __slots__ = ()

    def __setstate__(self, state: Any) -> None:
        """Ignore the state of the type: a byte has no byte order."""


class _Array:
    """Stands for an array while a pickle is read: collects its shape and bytes."""

    __slots__ = ("value",)

    def __setstate__(self, state: Any) -> None:
        match state:
            case (1, (int(), int()) as shape, _Bytes(), bool() as by_columns, bytes() as content):
                order = "F" if by_columns else "C"
                self.value = np.frombuffer(content, np.uint8).reshape(shape, order=order)
            case _:
                raise pickle.UnpicklingError("an array that is not a table of unsigned bytes")


class _ArrayClass:
    """Stands for the class of numpy's arrays, which the files only mention."""

    __slots__ = ()


def _new_array(kind: Any, shape: Any, code: Any) -> _Array:
    return _Array()


def _new_type(code: Any, align: Any = 0, copy: Any = 0) -> _Bytes:
    if code not in (b"u1", "u1"):
        raise pickle.UnpicklingError(f"an array of type {code!r} instead of unsigned bytes")
    return _Bytes()


class _BatchUnpickler(pickle.Unpickler):
    """Reads dictionaries, lists, numbers, strings and tables of bytes, and refuses all else."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="bytes")

    def find_class(self, module: str, name: str) -> Any:
        match module, name:
            case ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct"):
                return _new_array
            case ("numpy", "ndarray"):
                # An instance, so that nothing can be set on the class itself.
                return _ArrayClass()
            case ("numpy", "dtype"):
                return _new_type
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which image data do not need")


def decode_batch(content: bytes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images and labels of one pickled file of CIFAR-10.

    Returns:
        Grey values 0 … 255, uint8, shape (n, 3, 32, 32): red, green, blue; and classes 0 … 9,
        uint8, shape (n,).

    Raises:
        DatasetError: the file is no such pickle, or asks for code to be run. `name` is the file
            to blame.
    """
    try:
        batch = _BatchUnpickler(content).load()
        table = batch[b"data"].value
        labels = np.array(batch[b"labels"], dtype=np.int64)
        images = table.reshape(-1, *CIFAR10_SHAPE)
    # A pickle is a program: what goes wrong in one that is none of ours can be of any kind.
    except Exception as error:
        raise DatasetError(
            f"{name} is not a file of CIFAR-10: {type(error).__name__}: {error}; fetch it again"
        ) from None
    if (
        labels.shape != images.shape[:1]
        or table.shape != (len(labels), int(np.prod(CIFAR10_SHAPE)))
        or not np.isin(labels, np.arange(_CLASSES)).all()
    ):
        raise DatasetError(
            f"{name} holds images of shape {table.shape} and labels of shape {labels.shape}, "
            f"which are not CIFAR-10's; fetch it again"
        )
    return images, labels.astype(np.uint8)
