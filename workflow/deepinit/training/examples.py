"""What the learning curves are trained on: examples on a device, their losses and their scores."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from deepinit.training.detection import average_precision


@dataclass(frozen=True)
class Examples:
    """Images with classes, or with a boundary label for every pixel.

    Attributes:
        images: (n, channels, rows, columns), float32, on the device of the training.
        targets: int64 classes (n,), or float32 labels in {0, 1} (n, rows, columns).
    """

    images: torch.Tensor
    targets: torch.Tensor

    @property
    def pixelwise(self) -> bool:
        """Whether every pixel has a label."""
        return self.targets.dim() == 3

    def inputs(self, index: torch.Tensor, channels_first: bool) -> torch.Tensor:
        """Return the images at `index`, (networks, images), in the layout of the architecture."""
        chosen = self.images[index]
        if not channels_first:
            return chosen.flatten(2).transpose(1, 2).contiguous()
        joined = chosen.transpose(0, 1).flatten(1, 2)
        return joined.contiguous(memory_format=torch.channels_last)

    def losses(self, outputs: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """Return each network's mean loss (networks,): cross-entropy, over images or pixels.

        Args:
            outputs: class scores (networks, images, classes), or scores (networks, pixels).
            index: the images, (networks, images).
        """
        targets = self.targets[index]
        if self.pixelwise:
            return functional.binary_cross_entropy_with_logits(
                outputs, targets.flatten(1), reduction="none"
            ).mean(dim=1)
        losses = functional.cross_entropy(
            outputs.flatten(0, 1), targets.flatten(), reduction="none"
        )
        return losses.view(targets.shape).mean(dim=1)

    def scores(self, outputs: torch.Tensor) -> list[float]:
        """Return each network's accuracy, or average precision over pixels, on all examples.

        Args:
            outputs: of all examples in their order, (networks, n, classes) or (networks, pixels).
        """
        if self.pixelwise:
            labels = self.targets.flatten().cpu().numpy()
            return [average_precision(row, labels) for row in outputs.cpu().numpy()]
        return (outputs.argmax(dim=2) == self.targets).double().mean(dim=1).tolist()


def standardised(images: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return `images`, (n, channels, rows, columns), with the mean and sd of `reference` removed.

    One mean and one standard deviation a channel, over all images and pixels of `reference`.
    """
    mean = reference.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    sd = reference.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    return (images - mean.astype(np.float32)) / sd.astype(np.float32)


def block_means(images: np.ndarray, side: int) -> np.ndarray:
    """Return the means of `side` × `side` blocks of pixels; what does not fill a block is cut off.

    Args:
        images: (n, channels, rows, columns).
    """
    n, channels, rows, columns = images.shape
    kept = images[:, :, : rows - rows % side, : columns - columns % side]
    blocks = kept.reshape(n, channels, rows // side, side, columns // side, side)
    return blocks.mean(axis=(3, 5))
