"""The data set that a job reads."""

from deepinit.training.images import Images
from study.datasets.images import read_data_file
from study.datasets.mnist import CHECKSUM_FILE, load_mnist
from study.job import Job


def images_of(job: Job) -> Images:
    """Return the data set that the job's input `data` stands for.

    The input is the list of checksums of the carried subset, which lies beside its files, or
    the one file of a complete data set.

    Raises:
        UserError: a file of the data set is missing or damaged.
    """
    path = job.inputs["data"][0]
    return load_mnist(path.parent) if path.name == CHECKSUM_FILE else read_data_file(path)
