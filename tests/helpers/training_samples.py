"""What the tests of training share: streams, and the beginning of a set of images."""

from dataclasses import replace

from streams import streams

from deepinit.training.images import Images

stream = streams(32, "test_training")


def beginning(images: Images, train: int, test: int) -> Images:
    """Return the first images to train and to test on; their order is random."""
    return replace(
        images,
        train_images=images.train_images[:train],
        train_labels=images.train_labels[:train],
        test_images=images.test_images[:test],
        test_labels=images.test_labels[:test],
    )
