"""The architectures of the learning curves written plainly, one network at a time."""

import torch
from torch import nn

from deepinit.training.initialised_layers import Layer
from deepinit.training.layer_shapes import LayerShape


class PlainLayer(nn.Module):
    """One layer of one network of a `Layer`, made of torch's own modules.

    Args:
        layer: all networks' layer, copied.
        network: which of them.
    """

    def __init__(self, layer: Layer, network: int) -> None:
        super().__init__()
        shape: LayerShape = layer.shape
        channels = slice(network * shape.outputs, (network + 1) * shape.outputs)
        normalised = layer.gains is not None
        if shape.kernel:
            self.linear = nn.Conv2d(
                shape.inputs, shape.outputs, shape.kernel, shape.stride, shape.kernel // 2,
                bias=not normalised,
            )  # fmt: skip
            weights = layer.weights[channels]
            self.norm = nn.BatchNorm2d(shape.outputs) if normalised else nn.Identity()
        else:
            self.linear = nn.Linear(shape.inputs, shape.outputs, bias=not normalised)
            weights = layer.weights[network]
            self.norm = nn.BatchNorm1d(shape.outputs) if normalised else nn.Identity()
        self.linear.weight.data.copy_(weights.detach())
        if not normalised:
            self.linear.bias.data.copy_(layer.shifts.detach()[channels])
        self.end = nn.ReLU() if shape.hidden else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.end(self.norm(self.linear(x)))


class Chain(nn.Module):
    """The deep plain network, or ALL-CNN-C: class scores (images, classes)."""

    def __init__(self, layers: list[PlainLayer]) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        if isinstance(self.layers[0].linear, nn.Linear):
            return self.layers(images.flatten(1))
        return self.layers(images).mean(dim=(2, 3))


class ThreeLevels(nn.Module):
    """The U-Net with three levels: scores (images, rows, columns)."""

    def __init__(self, layers: list[PlainLayer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.down, self.up = nn.MaxPool2d(2), nn.Upsample(scale_factor=2)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        layers = self.layers
        top = layers[1](layers[0](images))
        middle = layers[3](layers[2](self.down(top)))
        bottom = layers[5](layers[4](self.down(middle)))
        middle = layers[7](layers[6](torch.cat([self.up(bottom), middle], dim=1)))
        top = layers[9](layers[8](torch.cat([self.up(middle), top], dim=1)))
        return layers[10](top)[:, 0]
