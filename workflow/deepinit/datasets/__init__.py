"""Data sets of images: MNIST, the subset of it that the project carries, and CIFAR-10."""

from deepinit.datasets.cifar10 import find_cifar10, load_cifar10, read_cifar10
from deepinit.datasets.data_file import read_data_file, write_data_file
from deepinit.datasets.idx import decode_idx, encode_idx
from deepinit.datasets.images import ByteImages, DatasetError, Images
from deepinit.datasets.mnist import (
    CHECKSUM_FILE,
    MNIST_FILES,
    find_mnist,
    load_mnist,
    read_mnist,
    read_mnist_arrays,
)

__all__ = [
    "CHECKSUM_FILE",
    "MNIST_FILES",
    "ByteImages",
    "DatasetError",
    "Images",
    "decode_idx",
    "encode_idx",
    "find_cifar10",
    "find_mnist",
    "load_cifar10",
    "load_mnist",
    "read_cifar10",
    "read_data_file",
    "read_mnist",
    "read_mnist_arrays",
    "write_data_file",
]
