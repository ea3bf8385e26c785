"""CIFAR-10 is read as its authors wrote it, and no file whose checksum is wrong."""

from pathlib import Path

import numpy as np
import pytest
from small_data import (
    cifar10_archive,
    md5,
    small_cifar10,
)

from study.datasets import cifar10
from study.datasets.cifar10 import CIFAR10_ARCHIVE, CIFAR10_FOLDER, find_cifar10, read_cifar10
from study.errors import UserError


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
    images = read_cifar10(find_cifar10(tmp_path)).scaled()
    assert images.image_shape == (3, 32, 32)
    assert images.train_images.shape == (20, 3072) and images.test_images.shape == (4, 3072)
    assert images.train_images.dtype == np.float32 and images.train_labels.dtype == np.int64
    training = np.concatenate([tables[f"data_batch_{number}"] for number in range(1, 6)])
    assert np.array_equal(images.train_images, training.astype(np.float32) / 255)
    assert images.train_labels.tolist() == [0, 3, 9, 5] * 5


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
    with pytest.raises(UserError, match=rf"{damaged} is damaged: its md5.*put a good copy"):
        read_cifar10(find_cifar10(tmp_path))


def test_an_incomplete_folder_gives_way_to_the_archive_and_alone_counts_as_missing(
    tmp_path, monkeypatch
):
    files, _ = small_cifar10()
    archive = cifar10_archive(files)
    expect(monkeypatch, files, archive)
    write(tmp_path / CIFAR10_FOLDER, {"data_batch_1": files["data_batch_1"]})
    assert find_cifar10(tmp_path) is None
    write(tmp_path, {CIFAR10_ARCHIVE: archive})
    assert len(read_cifar10(find_cifar10(tmp_path)).train_images) == 20
