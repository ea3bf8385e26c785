"""Get the complete MNIST: from a folder that the user has, or from its official address."""

import json
import urllib.error
import urllib.request
from pathlib import Path

from deepinit.datasets import MNIST_FILES, load_mnist
from deepinit.errors import UserError
from deepinit.files import atomic_path, write_text
from pipeline.job import Job

ADDRESS = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_TIMEOUT_SECONDS = 60


def download(folder: Path) -> None:
    """Download the four files of MNIST that `folder` lacks.

    Raises:
        UserError: the address cannot be reached or does not have the file.
    """
    for name in MNIST_FILES:
        target = folder / f"{name}.gz"
        if target.is_file():
            continue
        try:
            with (
                urllib.request.urlopen(ADDRESS + target.name, timeout=_TIMEOUT_SECONDS) as reply,
                atomic_path(target) as path,
            ):
                path.write_bytes(reply.read())
        except (urllib.error.URLError, TimeoutError) as error:
            raise UserError(
                f"{ADDRESS}{target.name} could not be downloaded ({error}). If you have MNIST already, "
                "name its folder: --config data_folder=/path/to/folder. Otherwise run again when "
                "the network is back; files that were complete are kept"
            ) from None


def run(job: Job) -> None:
    """Write a JSON file that names the folder of the four files, after checking them."""
    given = job.spec["folder"]
    folder = Path(given) if given else job.outputs[0].with_suffix("")
    if not given:
        download(folder)
    load_mnist(folder)
    write_text(job.outputs[0], json.dumps({"folder": str(folder)}) + "\n")
