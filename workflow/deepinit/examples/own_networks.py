"""Six networks as one may have them, for `deepinit.probe`: deep MLPs, residual ones, a transformer.

    make probe MODEL=workflow/deepinit/examples/own_networks.py:mlp_as_it_comes \
               INPUTS=workflow/deepinit/examples/own_networks.py:vectors
"""

import torch
from torch import nn
from torch.nn import functional

import deepinit

WIDTH, LAYERS, NETWORKS = 128, 30, 30


def vectors() -> torch.Tensor:
    """Return 64 white-noise inputs of 128 numbers, always the same."""
    return torch.randn(64, WIDTH, generator=torch.Generator().manual_seed(0))


def mlp_as_it_comes() -> nn.Module:
    """Return 30 hidden ReLU layers with the weights that torch draws."""
    layers: list[nn.Module] = []
    for _ in range(LAYERS):
        layers += [nn.Linear(WIDTH, WIDTH), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(WIDTH, 10))


def mlp_he() -> nn.Module:
    """Return the same with He's weights, variance 2/fan-in, and without biases."""
    model = mlp_as_it_comes()
    for module in model:
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight)
            nn.init.zeros_(module.bias)
    return model


def mlp_sample_init() -> nn.Module:
    """Return the same, initialised on a batch as Luther & Seung (2019) do."""
    return deepinit.sample_init_(mlp_he(), vectors())


class Residual(nn.Module):
    """h ← h + α V ReLU(W h) with weights of variance 1/width."""

    def __init__(self, depth: int, width: int, alpha: float) -> None:
        super().__init__()
        self.alpha = alpha
        self.inner, self.outer = (
            nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(depth))
            for _ in range(2)
        )
        for weight in self.parameters():
            nn.init.normal_(weight, std=width**-0.5)
        self.last = nn.Linear(width, 10)

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        for inner, outer in zip(self.inner, self.outer, strict=True):
            h = h + self.alpha * outer(functional.relu(inner(h)))
        return self.last(h)


def residual(depth: int) -> nn.Module:
    """Return residual blocks whose branches are added as they are."""
    return Residual(depth, WIDTH, 1.0)


def residual_scaled(depth: int) -> nn.Module:
    """Return the same with branches scaled by 1/√L."""
    return Residual(depth, WIDTH, depth**-0.5)


class Encoder(nn.Module):
    """A transformer encoder of torch's, on tokens."""

    def __init__(self, depth: int, norm_first: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(100, 64)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(64, 4, 128, batch_first=True, norm_first=norm_first)
            for _ in range(depth)
        )

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        h = self.embedding(tokens)
        for layer in self.layers:
            h = layer(h)
        return h


def tokens() -> torch.Tensor:
    """Return 16 sentences of 12 tokens."""
    return torch.randint(100, (16, 12))


def transformer(depth: int) -> nn.Module:
    """Return an encoder that normalises what goes into a branch."""
    return Encoder(depth, norm_first=True)


def run() -> dict[str, deepinit.probing.Report]:
    """Print and return the reports on all of them."""
    found = {
        build.__name__: deepinit.probe(build, vectors, NETWORKS)
        for build in (mlp_as_it_comes, mlp_he, mlp_sample_init)
    }
    for build in (residual, residual_scaled):
        found[build.__name__] = deepinit.probe(build, vectors, NETWORKS, depth=32)
    found["transformer"] = deepinit.probe(transformer, tokens, NETWORKS, depth=16)
    for name, report in found.items():
        print(f"{name}: {report.summary()}\n")
    return found


if __name__ == "__main__":
    run()
