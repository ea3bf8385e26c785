"""MNIST and its carried subset: they are what they say, and nothing damaged is ever accepted."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from project import SUBSET
from small_data import small_mnist

from study.datasets import mnist
from study.datasets.images import ByteImages, read_data_file, write_data_file
from study.datasets.mnist import find_mnist, load_mnist, read_mnist
from study.errors import UserError

TRAIN_IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def copy_of_subset(tmp_path: Path) -> Path:
    """Copy the carried folder to one that a test may damage."""
    return Path(shutil.copytree(SUBSET, tmp_path / "mnist"))


def test_the_carried_subset_has_the_stated_sizes_types_and_range():
    images = load_mnist(SUBSET)
    assert images.train_images.shape == (10_000, 784)
    assert images.test_images.shape == (2_000, 784)
    assert images.train_images.dtype == images.test_images.dtype == np.float32
    assert images.train_labels.dtype == images.test_labels.dtype == np.int64
    for part in (images.train_images, images.test_images):
        assert part.min() == 0 and part.max() == 1


def test_a_flipped_bit_is_refused_with_the_file_both_checksums_and_the_remedy(copy_of_subset):
    path = copy_of_subset / TRAIN_IMAGES
    content = bytearray(path.read_bytes())
    expected = hashlib.sha256(content).hexdigest()
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        load_mnist(copy_of_subset)
    message = str(caught.value)
    for part in (str(path), expected, hashlib.sha256(content).hexdigest(), "git checkout -- "):
        assert part in message


def test_a_missing_file_is_refused_with_the_remedy(copy_of_subset):
    (copy_of_subset / TRAIN_IMAGES).unlink()
    with pytest.raises(UserError, match=r"train-images.*cannot be read.*git checkout -- "):
        load_mnist(copy_of_subset)


def test_the_carried_subset_is_the_one_that_results_were_made_with():
    """Dates of data sets make nothing again: another subset is to have another name."""
    digest = hashlib.sha256((SUBSET / "SHA256SUMS").read_bytes()).hexdigest()
    assert digest.startswith("ca2fdfd50523cff0")


def test_a_file_that_the_checksum_list_leaves_out_is_refused(copy_of_subset):
    sums = copy_of_subset / "SHA256SUMS"
    sums.write_bytes(b"\n".join(sums.read_bytes().splitlines()[:-1]))
    with pytest.raises(UserError, match=r"t10k-labels.*instead of none"):
        load_mnist(copy_of_subset)


def test_an_empty_folder_says_which_file_is_missing_and_what_to_do(tmp_path):
    with pytest.raises(UserError, match=r"train-images.*missing.*four MNIST files"):
        read_mnist(find_mnist(tmp_path))


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("layout", [".", "raw", "MNIST/raw", "mnist"])
def test_the_full_set_is_found_in_every_layout(tmp_path, monkeypatch, layout, packed):
    """Of a stand-in of a few images, whose checksums are the expected ones here."""
    folder = tmp_path / "data" / layout
    folder.mkdir(parents=True)
    files, sums = small_mnist(packed=packed)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    monkeypatch.setattr(mnist, "MNIST_MD5_PACKED" if packed else "MNIST_MD5_UNPACKED", sums)
    images = read_mnist(find_mnist(tmp_path / "data")).scaled()
    assert images.train_images.shape == (20, 784) and images.image_shape == (1, 28, 28)
    assert images.test_labels.tolist() == [digit % 10 for digit in range(20)]


# ------------------------------------------------------------------------------ the file of jobs
@pytest.fixture
def some_images() -> ByteImages:
    random = np.random.default_rng(1)
    return ByteImages(
        train_images=random.integers(0, 256, (5, 3, 4, 4), dtype=np.uint8),
        train_labels=np.arange(5, dtype=np.uint8),
        test_images=random.integers(0, 256, (2, 3, 4, 4), dtype=np.uint8),
        test_labels=np.arange(2, dtype=np.uint8),
    )


def test_a_data_file_gives_back_what_was_written_and_the_same_bytes_again(tmp_path, some_images):
    for name in ("a.npz", "b.npz"):
        write_data_file(tmp_path / name, some_images)
    images = read_data_file(tmp_path / "a.npz")
    assert np.array_equal(images.train_images * 255, some_images.train_images.reshape(5, 48))
    assert images.test_labels.tolist() == [0, 1] and images.image_shape == (3, 4, 4)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_damaged_data_file_is_told(tmp_path, some_images):
    path = tmp_path / "a.npz"
    write_data_file(path, some_images)
    content = path.read_bytes()
    at = content.index(some_images.train_images.tobytes())
    flipped = content[:at] + bytes([content[at] ^ 16]) + content[at + 1 :]
    for damaged in (flipped, content[:10], content[:at], content[:-1]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match="delete it and run again"):
            read_data_file(path)
