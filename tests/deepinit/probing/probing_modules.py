"""Networks that a user may have: what `deepinit.probe` is tested on. Small, each with a batch of inputs."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm

from deepinit.examples.own_networks import Residual


class Case(NamedTuple):
    """A builder and its inputs."""

    build: Callable[..., nn.Module]
    inputs: Callable[[], Any]
    depth: int | None = None


def he(model: nn.Module) -> nn.Module:
    """Draw He normal weights, biases zero."""
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return model


def xavier(model: nn.Module) -> nn.Module:
    """Draw Xavier uniform weights, biases zero."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    return model


def mlp(
    depth: int,
    width: int,
    initialise: Callable[[nn.Module], nn.Module] = he,
    activation: Callable[[], nn.Module] = nn.ReLU,
    normalise: Callable[[int], nn.Module] | None = None,
) -> nn.Module:
    """Return `depth` hidden layers and an output layer."""
    modules: list[nn.Module] = []
    for _ in range(depth):
        modules.append(nn.Linear(width, width))
        modules += [normalise(width)] if normalise else []
        modules.append(activation())
    return initialise(nn.Sequential(*modules, nn.Linear(width, 10)))


class PostActivation(nn.Module):
    """relu(x + block(x)), as in ResNet: convolutions with batch normalisation, ReLU in place."""

    def __init__(self, blocks: int, channels: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(channels, channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(inplace=True),
                nn.Conv2d(channels, channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(channels),
            )
            for _ in range(blocks)
        )
        self.head = nn.Linear(channels, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = functional.relu(x + block(x))
        return self.head(x.mean(dim=(2, 3)))


class Bottleneck(nn.Module):
    """The block of ResNet-50 (He et al. 2016), stride in the middle: relu(x + f(x)), or with a projection."""

    def __init__(self, below: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(below, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, 4 * channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if below != 4 * channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(below, 4 * channels, 1, stride, bias=False), nn.BatchNorm2d(4 * channels)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.relu(self.bn1(self.conv1(x)))
        h = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(h)))))
        h += x if self.downsample is None else self.downsample(x)
        return self.relu(h)


def bottlenecks() -> nn.Module:
    """Return two stages of three blocks each, the first of each with a projection, and a head."""
    blocks = [Bottleneck(8, 8, 1), *(Bottleneck(32, 8, 1) for _ in range(2)),
              Bottleneck(32, 16, 2), *(Bottleneck(64, 16, 1) for _ in range(2))]  # fmt: skip
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class UNet(nn.Module):
    """Two levels with a skip connection and a transposed convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.ReLU())
        self.pool = nn.MaxPool2d(2)
        self.bottom = nn.Sequential(nn.Conv2d(channels, 2 * channels, 3, padding=1), nn.ReLU())
        self.up = nn.ConvTranspose2d(2 * channels, channels, 2, stride=2)
        self.end = nn.Sequential(
            nn.Conv2d(2 * channels, channels, 3, padding=1), nn.ReLU(), nn.Conv2d(channels, 1, 1)
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        skipped = self.down(image)
        return self.end(torch.cat([skipped, self.up(self.bottom(self.pool(skipped)))], dim=1))


def all_cnn(channels: int) -> nn.Module:
    """Return an ALL-CNN: convolutions alone, strides for pooling."""
    sizes = [3, channels, channels, channels, 2 * channels, 2 * channels, 2 * channels]
    modules: list[nn.Module] = []
    for number, (below, above) in enumerate(pairwise(sizes)):
        modules += [nn.Conv2d(below, above, 3, stride=1 + number // 2 % 2, padding=1), nn.ReLU()]
    return he(
        nn.Sequential(*modules, nn.Conv2d(sizes[-1], 10, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    )


class Transformer(nn.Module):
    """A token embedding, an encoder of torch's, and a head."""

    def __init__(self, layers: int, norm_first: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(50, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        for parameter in self.encoder.parameters():
            # torch copies one layer: all would have the same weights.
            if parameter.ndim > 1:
                nn.init.xavier_uniform_(parameter)
        self.head = nn.Linear(32, 50)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.encoder(self.embedding(tokens)))


class Branches(nn.Module):
    """Two branches of other shapes, a module that is called twice, one that returns a tuple, keywords."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Linear(32, 32)
        self.wide, self.narrow = nn.Linear(32, 48), nn.Linear(32, 16)
        self.recurrent = nn.GRU(64, 32, batch_first=True)
        self.head = nn.Linear(32, 4)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x: torch.Tensor, *, scale: torch.Tensor) -> dict[str, Any]:
        self.calls = self.calls + 1
        x = torch.tanh(self.shared(torch.tanh(self.shared(x * scale))))
        both = torch.cat([self.wide(x), self.narrow(x)], dim=1)
        hidden, (state,) = self.recurrent(both[:, None])
        return {"logits": self.head(hidden[:, 0]), "extra": (state, None)}


def _noise(*shape: int) -> Callable[[], torch.Tensor]:
    return lambda: torch.randn(*shape, generator=torch.Generator().manual_seed(7))


_VECTORS = _noise(64, 64)
CASES: dict[str, Case] = {
    "MLP, He": Case(lambda: mlp(50, 64), _VECTORS),
    "MLP, torch's default": Case(lambda: mlp(50, 64, lambda model: model), _VECTORS),
    "MLP, Xavier": Case(lambda: mlp(50, 64, xavier), _VECTORS),
    "MLP, in place": Case(lambda: mlp(6, 64, activation=lambda: nn.ReLU(inplace=True)), _VECTORS),
    "batch norm": Case(lambda: mlp(20, 64, normalise=nn.BatchNorm1d), _VECTORS),
    "layer norm": Case(lambda: mlp(20, 64, normalise=nn.LayerNorm), _VECTORS),
    "residual, 1/√L": Case(lambda depth: Residual(depth, 64, depth**-0.5), _VECTORS, 32),
    "residual, no scale": Case(lambda depth: Residual(depth, 64, 1.0), _VECTORS, 32),
    "residual, convolutions": Case(lambda: PostActivation(4, 8), _noise(8, 8, 8, 8)),
    "ALL-CNN": Case(lambda: all_cnn(8), _noise(8, 3, 16, 16)),
    "U-Net": Case(lambda: UNet(6), _noise(4, 1, 16, 16)),
    "transformer": Case(
        lambda: Transformer(3, False), lambda: torch.arange(6 * 10).reshape(6, 10) % 47
    ),
    "transformer, norm first": Case(
        lambda: Transformer(3, True), lambda: torch.arange(6 * 10).reshape(6, 10) % 47
    ),
    "branches": Case(
        Branches, lambda: {"x": _noise(16, 32)(), "scale": torch.full((), 2.0)}
    ),
    "dropout": Case(
        lambda: nn.Sequential(
            nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3)
        ),
        _VECTORS,
    ),
    "float16": Case(lambda: mlp(4, 64).half(), lambda: _VECTORS().half()),
    "normalised weights": Case(
        lambda: nn.Sequential(
            weight_norm(nn.Linear(64, 64)), nn.ReLU(), weight_norm(nn.Linear(64, 64)), nn.ReLU(),
            nn.Linear(64, 3),
        ),
        _VECTORS,
    ),
    "half precision": Case(
        lambda: mlp(10, 64).to(torch.bfloat16), lambda: _VECTORS().to(torch.bfloat16)
    ),
}  # fmt: skip


def state(model: nn.Module) -> list[Any]:
    """Return all that must stay as it was, tensors copied."""
    tensors = [*model.named_parameters(), *model.named_buffers()]
    return [
        *[(name, values.detach().clone()) for name, values in tensors],
        *[(p.requires_grad, None if p.grad is None else p.grad.clone()) for p in model.parameters()],
        *[
            (module.training, len(module._forward_hooks), len(module._forward_pre_hooks))
            for module in model.modules()
        ],
        *[len(p._post_accumulate_grad_hooks or ()) for p in model.parameters()],
    ]  # fmt: skip


def same(first: Any, second: Any) -> bool:
    """Return whether two nested states are equal, bit for bit."""
    if isinstance(first, torch.Tensor):
        return torch.equal(first, second)
    if isinstance(first, dict):
        return same(list(first.items()), list(second.items()))
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(same, first, second))
    return first == second
