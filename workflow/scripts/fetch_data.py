"""Get a complete data set: from a folder that the user has, or from the network."""

import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.data_sources import CIFAR10_REMOTE, MNIST_REMOTE
from study.datasets.cifar10 import find_cifar10, read_cifar10
from study.datasets.images import ByteImages, write_data_file
from study.datasets.mnist import MNIST_FILES, find_mnist, read_mnist
from study.download import RemoteFile, fetch
from study.errors import UserError
from study.job import Job

Fetch = Callable[[RemoteFile], Path]


def mnist(folder: Path | None, fetch_file: Fetch) -> ByteImages:
    """Return MNIST; what `folder` lacks is fetched."""
    found = find_mnist(folder) if folder else {}
    return read_mnist(
        {name: found.get(name) or fetch_file(MNIST_REMOTE[name]) for name in MNIST_FILES}
    )


def cifar10(folder: Path | None, fetch_file: Fetch) -> ByteImages:
    """Return CIFAR-10; it is fetched if `folder` lacks it."""
    return read_cifar10((folder and find_cifar10(folder)) or fetch_file(CIFAR10_REMOTE))


DATA_SETS = {"mnist": ("MNIST", mnist), "cifar10": ("CIFAR-10", cifar10)}


def run(job: Job) -> None:
    """Write the data set of the specification to one file, after verifying all it comes from."""
    key = job.spec["data_set"]
    title, read = DATA_SETS[key]
    folder = next((path.expanduser() for path in job.inputs.get("folder", [])), None)
    if folder and not folder.is_dir():
        raise UserError(
            f"data_folder: there is no folder '{folder}'; name the one that has {title}, or write "
            "'data_folder: null' to download it"
        )
    downloads = job.outputs[0].with_name("downloads")

    def say(sentence: str) -> None:
        for stream in (sys.stderr, job.log):
            print(f"deepinit: {sentence}", file=stream, flush=True)

    def fetch_file(remote: RemoteFile) -> Path:
        if folder and not (downloads / remote.name).is_file():
            say(f"{folder} has no {remote.name}: looking for it in the network")
        try:
            return fetch(remote, downloads, say)
        except UserError as error:
            raise UserError(
                f"{error}. Run again when the network is back. If you have {title} already, name "
                "its folder instead: --config data_folder=/path/to/folder"
            ) from None

    write_data_file(job.outputs[0], read(folder, fetch_file))
