"""How activations go through the layers of the learning curves' architectures.

`layer(i, x)` is whatever is to be done with layer i (`deepinit.training.initialised_layers`);
layouts as there. What the architectures are is said in `deepinit.training.layer_shapes`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn import functional

from deepinit.training.layer_shapes import (
    LayerShape,
    all_cnn_c_shapes,
    plain_shapes,
    unet_shapes,
)

Apply = Callable[[int, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Architecture:
    """What training needs to know of an architecture.

    Attributes:
        shapes: the layers, from the input upwards, the output layer last.
        forward: from inputs, what is done with a layer, and the number of networks to class
            scores, (networks, images, classes), or scores of pixels, (networks, pixels).
        channels_first: whether images are (images, networks · channels, rows, columns); else
            they are flat, (networks, pixels, images).
    """

    shapes: list[LayerShape]
    forward: Callable[[torch.Tensor, Apply, int], torch.Tensor]
    channels_first: bool


def plain_network(pixels: int, width: int, depth: int, classes: int) -> Architecture:
    """Return fully connected ReLU layers of one width, `depth` layers with weights in all."""

    def forward(inputs: torch.Tensor, layer: Apply, networks: int) -> torch.Tensor:
        activations = inputs
        for i in range(depth):
            activations = layer(i, activations)
        return activations.transpose(1, 2)

    return Architecture(plain_shapes(pixels, width, depth, classes), forward, False)


def all_cnn_c(image_channels: int, width: int, classes: int) -> Architecture:
    """Return ALL-CNN-C; `width` is the channels of the first three layers, published: 96."""
    shapes = all_cnn_c_shapes(image_channels, width, classes)

    def forward(inputs: torch.Tensor, layer: Apply, networks: int) -> torch.Tensor:
        activations = inputs
        for i in range(len(shapes)):
            activations = layer(i, activations)
        scores = activations.mean(dim=(2, 3))
        return scores.view(len(scores), networks, -1).transpose(0, 1)

    return Architecture(shapes, forward, True)


def unet(image_channels: int, width: int, levels: int) -> Architecture:
    """Return a U-Net; 2 to the power `levels` − 1 must divide the sides of its images."""

    def forward(inputs: torch.Tensor, layer: Apply, networks: int) -> torch.Tensor:
        activations, kept, i = inputs, [], 0
        for level in range(levels):
            if level:
                kept.append(activations)
                activations = block_maxima(activations)
            activations = layer(i + 1, layer(i, activations))
            i += 2
        while kept:
            larger = functional.interpolate(activations, scale_factor=2, mode="nearest")
            activations = beside(larger, kept.pop(), networks)
            activations = layer(i + 1, layer(i, activations))
            i += 2
        return layer(i, activations).transpose(0, 1).flatten(1)

    return Architecture(unet_shapes(image_channels, width, levels), forward, True)


def block_maxima(activations: torch.Tensor) -> torch.Tensor:
    """Return the maxima of 2 × 2 blocks of pixels, as fast on a CPU as torch's own pooling.

    On a GPU torch's pooling adds up gradients in an order that differs from run to run.
    """
    upper, lower = (
        torch.maximum(activations[:, :, row::2, ::2], activations[:, :, row::2, 1::2])
        for row in (0, 1)
    )
    return torch.maximum(upper, lower)


def beside(first: torch.Tensor, second: torch.Tensor, networks: int) -> torch.Tensor:
    """Return the channels of both, network by network, (images, networks · channels, rows, columns)."""
    parts = [part.unflatten(1, (networks, -1)) for part in (first, second)]
    joined = torch.cat(parts, dim=2).flatten(1, 2)
    return joined.contiguous(memory_format=torch.channels_last)
