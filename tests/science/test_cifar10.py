"""CIFAR-10 is read as its authors wrote it, and nothing in its files is ever run."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from small_data import (
    cifar10_archive,
    md5,
    pickled_array,
    pickled_batch,
    small_cifar10,
)

from study.datasets import cifar10
from study.datasets.cifar10 import CIFAR10_ARCHIVE, CIFAR10_FOLDER, decode_batch, load_cifar10
from study.datasets.images import DatasetError

TABLE = np.arange(2 * 3072, dtype=np.uint32).astype(np.uint8).reshape(2, 3072)


def expect(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes], archive: bytes = b"") -> None:
    """Make the checksums of these files the expected ones."""
    sums = {name: md5(content) for name, content in files.items()}
    monkeypatch.setattr(cifar10, "CIFAR10_MD5", sums)
    monkeypatch.setattr(cifar10, "CIFAR10_ARCHIVE_MD5", md5(archive))


def write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("layout", "packed"),
    [
        (".", True),
        (".", False),
        ("cifar10", True),
        (CIFAR10_FOLDER, False),
        (f"cifar10/{CIFAR10_FOLDER}", False),
    ],
)
def test_archive_and_folder_give_the_same_images_in_every_layout(
    tmp_path, monkeypatch, layout, packed
):
    files, tables = small_cifar10()
    archive = cifar10_archive(files)
    expect(monkeypatch, files, archive)
    write(tmp_path / layout, {CIFAR10_ARCHIVE: archive} if packed else files)
    images = load_cifar10(tmp_path)
    assert images.image_shape == (3, 32, 32)
    assert images.train_images.shape == (20, 3072) and images.test_images.shape == (4, 3072)
    assert images.train_images.dtype == np.float32 and images.train_labels.dtype == np.int64
    training = np.concatenate([tables[f"data_batch_{number}"] for number in range(1, 6)])
    assert np.array_equal(images.train_images, training.astype(np.float32) / 255)
    assert images.train_labels.tolist() == [0, 3, 9, 5] * 5


@pytest.mark.parametrize("by_columns", [False, True])
def test_a_batch_is_read_as_the_unrestricted_unpickler_reads_it(by_columns: bool):
    content = pickled_batch(pickled_array(TABLE, by_columns=by_columns), [1, 9])
    plain = pickle.loads(content, encoding="bytes")
    images, labels = decode_batch(content, "x")
    assert np.array_equal(plain[b"data"], TABLE)
    assert np.array_equal(images, TABLE.reshape(2, 3, 32, 32))
    assert labels.tolist() == plain[b"labels"]


# --------------------------------------------------------------------------- what must not be run
class Command:
    """Runs a command when an ordinary unpickler reads it."""

    def __init__(self, function, *arguments) -> None:
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def malicious(marker: Path) -> dict[str, bytes]:
    """Return pickles that leave a file behind when they are run, each by another way."""
    touch = f"touch {marker}"
    return {
        "a call of the system": pickle.dumps(Command(os.system, touch), protocol=2),
        "evaluated code": pickle.dumps(Command(eval, f"open({str(marker)!r}, 'w')"), protocol=2),
        "in place of the array": pickled_batch(f"cos\nsystem\n(S'{touch}'\ntR".encode(), [1, 2]),
        "a newer protocol": pickle.dumps({b"data": Command(os.system, touch)}, protocol=5),
        "through numpy": (
            b"cnumpy.core.multiarray\ntofile\n(S'x'\ntR"
            + f"cnumpy.testing._private.utils\nrunstring\n(S'open({str(marker)!r},\"w\")'\n".encode()
            + b"}tR."
        ),
        "a name inside an allowed one": f"cnumpy\ndtype.__init__.__globals__\n(S'{touch}'\ntR.".encode(),
        "an attribute of an allowed one": (
            b"cnumpy\ndtype\n}S'__code__'\nS'x'\nsb0cos\nsystem\n" + f"(S'{touch}'\ntR.".encode()
        ),
    }


@pytest.mark.parametrize("way", malicious(Path("x")))
def test_nothing_in_a_pickle_is_run(tmp_path, monkeypatch, way: str):
    marker = tmp_path / "it-ran"
    content = malicious(marker)[way]
    with pytest.raises(DatasetError, match="is not a file of CIFAR-10"):
        decode_batch(content, "data_batch_1")
    files, _ = small_cifar10()
    files["data_batch_3"] = content
    expect(monkeypatch, files)  # even if the checksum of such a file were the right one
    write(tmp_path / CIFAR10_FOLDER, files)
    with pytest.raises(DatasetError, match="data_batch_3 is not a file"):
        load_cifar10(tmp_path)
    assert not marker.exists()


def test_the_malicious_pickles_would_run_otherwise(tmp_path):
    marker = tmp_path / "it-ran"
    pickle.loads(malicious(marker)["a call of the system"])
    assert marker.exists()


def test_reading_leaves_no_trace_in_the_reader():
    # Opcodes that set an attribute on the function that makes arrays.
    content = b"cnumpy.core.multiarray\n_reconstruct\n(N}S'spoilt'\nK\x01stb."
    with pytest.raises(DatasetError):
        decode_batch(content, "x")
    good = pickled_batch(pickled_array(TABLE), [1, 9])
    assert np.array_equal(decode_batch(good, "x")[0].reshape(2, -1), TABLE)


# ------------------------------------------------------------------------------------ damaged data
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        pickle.dumps([1, 2]),
        pickle.dumps({b"data": 1, b"labels": [1]}, protocol=2),
        pickled_batch(pickled_array(TABLE), [1, 2, 3]),
        pickled_batch(pickled_array(TABLE), [1, 10]),
        pickled_batch(pickled_array(TABLE[:, :-1]), [1, 2]),
        pickled_batch(pickled_array(TABLE, b"O8"), [1, 2]),
        pickled_batch(pickled_array(TABLE), [1, 2])[:-900],
    ],
    ids=["nothing", "text", "list", "number", "labels", "class", "size", "objects", "cut"],
)
def test_what_is_no_batch_of_images_is_refused_by_name(content: bytes):
    with pytest.raises(DatasetError, match=r"^data_batch_2 .*; fetch it again"):
        decode_batch(content, "data_batch_2")


@pytest.mark.parametrize("packed", [True, False])
def test_a_flipped_bit_is_refused_with_the_file_and_the_remedy(tmp_path, monkeypatch, packed):
    files, _ = small_cifar10()
    archive = cifar10_archive(files)
    expect(monkeypatch, files, archive)
    damaged = tmp_path / (CIFAR10_ARCHIVE if packed else f"{CIFAR10_FOLDER}/test_batch")
    write(damaged.parent, {CIFAR10_ARCHIVE: archive} if packed else files)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(DatasetError, match=rf"{damaged} is damaged: its md5.*put a good copy"):
        load_cifar10(tmp_path)


def test_an_archive_that_lacks_a_file_or_is_none_is_refused(tmp_path, monkeypatch):
    files, _ = small_cifar10()
    lacking = {name: content for name, content in files.items() if name != "test_batch"}
    for archive in (cifar10_archive(lacking), b"no archive", cifar10_archive(files)[:-500]):
        expect(monkeypatch, files, archive)
        write(tmp_path, {CIFAR10_ARCHIVE: archive})
        with pytest.raises(DatasetError, match=f"{CIFAR10_ARCHIVE} cannot be unpacked"):
            load_cifar10(tmp_path)


def test_an_incomplete_folder_gives_way_to_the_archive_and_alone_counts_as_missing(
    tmp_path, monkeypatch
):
    files, _ = small_cifar10()
    archive = cifar10_archive(files)
    expect(monkeypatch, files, archive)
    write(tmp_path / CIFAR10_FOLDER, {"data_batch_1": files["data_batch_1"]})
    with pytest.raises(DatasetError, match=r"CIFAR-10 is missing.*six files"):
        load_cifar10(tmp_path)
    write(tmp_path, {CIFAR10_ARCHIVE: archive})
    assert len(load_cifar10(tmp_path).train_images) == 20
