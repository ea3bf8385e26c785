"""The data set that a job reads."""

import json

from deepinit.datasets import CHECKSUM_FILE, Images, load_mnist
from pipeline.job import Job


def images_of(job: Job) -> Images:
    """Return the data set that the job's input `data` stands for.

    The input is the list of checksums of the carried subset, or a JSON file that names the
    folder of a complete data set.

    Raises:
        DatasetError: a file of the data set is missing, damaged or not what its name says.
    """
    listing = job.inputs["data"][0]
    if listing.name == CHECKSUM_FILE:
        return load_mnist(listing.parent)
    return load_mnist(json.loads(listing.read_text())["folder"])
