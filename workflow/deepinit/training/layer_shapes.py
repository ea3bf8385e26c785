"""Shapes of the layers of three architectures: a deep plain network, ALL-CNN-C and a U-Net.

* ALL-CNN-C after Springenberg et al. (2015), as luther2019 is understood to use it: 3 × 3
  convolutions of 96, 96, 96 (stride 2), 192, 192, 192 (stride 2), 192 channels, 1 × 1
  convolutions of 192 and of the classes, then the mean over pixels. No dropout; zero padding
  everywhere; no ReLU on the class scores.
* The U-Net after Ronneberger et al. (2015): two 3 × 3 convolutions a level, channels doubled
  from one level to the next, 2 × 2 max-pooling on the way down; on the way up every pixel is
  repeated 2 × 2 times (in place of a learned up-convolution), put beside the activations of that
  level, and convolved twice; then one 1 × 1 convolution. Zero padding keeps the size of the image.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LayerShape:
    """The shape of one layer of one network.

    Attributes:
        outputs: units, or channels.
        inputs: units or channels below.
        kernel: odd side of the kernels; 0 for a fully connected layer.
        stride: of the kernels; borders are padded with zeros to keep the size at stride 1.
        scale: side of the image over that of the layer's output.
        hidden: whether a ReLU follows.
    """

    outputs: int
    inputs: int
    kernel: int = 0
    stride: int = 1
    scale: int = 1
    hidden: bool = True

    @property
    def fan_in(self) -> int:
        """Inputs of one unit."""
        return self.inputs * max(1, self.kernel) ** 2


def plain_shapes(pixels: int, width: int, depth: int, classes: int) -> list[LayerShape]:
    """Return `depth` fully connected layers, the output layer included."""
    widths = [pixels, *[width] * (depth - 1), classes]
    return [LayerShape(widths[i + 1], widths[i], hidden=i < depth - 1) for i in range(depth)]


def all_cnn_c_shapes(image_channels: int, width: int, classes: int) -> list[LayerShape]:
    """Return the layers of ALL-CNN-C; `width` is the channels of the first three, published: 96."""
    wide = 2 * width
    return [
        LayerShape(width, image_channels, kernel=3),
        LayerShape(width, width, kernel=3),
        LayerShape(width, width, kernel=3, stride=2, scale=2),
        LayerShape(wide, width, kernel=3, scale=2),
        LayerShape(wide, wide, kernel=3, scale=2),
        LayerShape(wide, wide, kernel=3, stride=2, scale=4),
        LayerShape(wide, wide, kernel=3, scale=4),
        LayerShape(wide, wide, kernel=1, scale=4),
        LayerShape(classes, wide, kernel=1, scale=4, hidden=False),
    ]


def unet_shapes(image_channels: int, width: int, levels: int) -> list[LayerShape]:
    """Return the layers of a U-Net with one output a pixel.

    Args:
        image_channels: of an image.
        width: channels of the first level, 64 in the original.
        levels: sizes of image, 5 in the original.
    """
    shapes, below = [], image_channels
    for level in range(levels):
        shapes += _pair(below, width << level, 1 << level)
        below = width << level
    for level in reversed(range(levels - 1)):
        shapes += _pair(below + (width << level), width << level, 1 << level)
        below = width << level
    return [*shapes, LayerShape(1, below, kernel=1, hidden=False)]


def _pair(inputs: int, outputs: int, scale: int) -> list[LayerShape]:
    return [
        LayerShape(outputs, inputs, kernel=3, scale=scale),
        LayerShape(outputs, outputs, kernel=3, scale=scale),
    ]


def multiply_adds(shapes: Sequence[LayerShape], side: int) -> int:
    """Return the multiply–adds of one forward pass for one image of `side` × `side` pixels."""
    places = [(-(-side // shape.scale)) ** 2 if shape.kernel else 1 for shape in shapes]
    return sum(
        place * shape.outputs * shape.fan_in for place, shape in zip(places, shapes, strict=True)
    )
