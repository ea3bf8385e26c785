"""A data set as the batched networks of `network_batch` read it."""

import numpy as np
import torch

from deepinit.training.images import Images
from deepinit.training.network_batch import SIZE_MULTIPLE, pad_to, round_up
from deepinit.training.outcome import NetworkStart


class PaddedImages:
    """The data set on the device, padded; one zero image at the end serves as padding.

    Pixels that are zero in every image, of which MNIST has a hundred, are left out: their weights
    have no gradient and no effect.
    """

    def __init__(self, images: Images, device: torch.device) -> None:
        self.images, self.true_pixels = images.train_images.shape
        self.test_images = len(images.test_images)
        self.classes = images.classes
        used = images.train_images.any(axis=0) | images.test_images.any(axis=0)
        columns = np.flatnonzero(used)
        self.pixels = round_up(max(len(columns), 1), SIZE_MULTIPLE)
        self.columns = torch.from_numpy(columns).to(device)
        train, test, train_labels, test_labels = (
            torch.from_numpy(array)
            for array in (
                images.train_images[:, columns],
                images.test_images[:, columns],
                images.train_labels,
                images.test_labels,
            )
        )
        padded_test = round_up(self.test_images, SIZE_MULTIPLE)
        self.train = pad_to(train, self.images + 1, self.pixels).to(device)
        one_hot = torch.nn.functional.one_hot(train_labels, self.classes).float()
        self.targets = pad_to(one_hot, self.images + 1, self.classes).to(device)
        self.test = pad_to(test, padded_test, self.pixels).to(device)
        self.test_labels = (pad_to(test_labels + 1, padded_test) - 1).to(device)

    def gather(
        self,
        orders: torch.Tensor,
        first: int,
        batch_size: int,
        buffers: tuple[torch.Tensor, torch.Tensor] | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor, int]:
        """Return the images of one step, each network's in its own order.

        Args:
            orders: orders of the images, int64, shape (networks, images).
            first: position in the order of the first image of the step.
            batch_size: images a step; the last step of an epoch may have fewer.
            buffers: where to put images and classes, flat rows, if not in new tensors.

        Returns:
            Padded images (networks, images, pixels), one-hot classes (networks, images, classes),
            and the number of images without padding.
        """
        number = min(batch_size, self.images - first)
        networks, padded = len(orders), round_up(number, SIZE_MULTIPLE)
        index = orders.new_full((networks, padded), self.images)
        index[:, :number] = orders[:, first : first + number]
        rows = networks * padded
        into = (None, None) if buffers is None else (buffer[:rows] for buffer in buffers)
        inputs, targets = (
            torch.index_select(source, 0, index.view(-1), out=out).view(networks, padded, -1)
            for source, out in zip((self.train, self.targets), into, strict=True)
        )
        return inputs, targets, number

    def draw(self, start: NetworkStart) -> list[torch.Tensor]:
        """Return the initial weights of one network, those of pixels that are left out dropped."""
        first, *rest = start.network.draw(start.init_stream, self.true_pixels, self.classes)
        return [first.index_select(2, self.columns), *rest]
