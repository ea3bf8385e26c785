"""The data set that a job reads."""

from deepinit.datasets import CHECKSUM_FILE, Images, load_mnist, read_data_file
from pipeline.job import Job


def images_of(job: Job) -> Images:
    """Return the data set that the job's input `data` stands for.

    The input is the list of checksums of the carried subset, which lies beside its files, or
    the one file of a complete data set.

    Raises:
        DatasetError: a file of the data set is missing, damaged or not what its name says.
    """
    path = job.inputs["data"][0]
    return load_mnist(path.parent) if path.name == CHECKSUM_FILE else read_data_file(path)
