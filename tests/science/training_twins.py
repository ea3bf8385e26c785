"""Networks as torch modules, trained by autograd: what the batched engine is compared with."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from deepinit.datasets.images import Images
from deepinit.random_stream import RandomStream
from deepinit.seeds import seed_sequence


def stream(*address: str | int) -> RandomStream:
    """Return the stream of a test."""
    return RandomStream(seed_sequence(32, "test_training", *address))


def beginning(images: Images, train: int, test: int) -> Images:
    """Return the first images to train and to test on; their order is random."""
    return replace(
        images,
        train_images=images.train_images[:train],
        train_labels=images.train_labels[:train],
        test_images=images.test_images[:test],
        test_labels=images.test_labels[:test],
    )


def _linear(weight: torch.Tensor) -> torch.nn.Linear:
    linear = torch.nn.Linear(*reversed(weight.shape), bias=False, dtype=weight.dtype)
    linear.weight.data.copy_(weight)
    return linear


def fully_connected_twin(layers: Sequence[torch.Tensor]) -> torch.nn.Sequential:
    """Return a fully connected ReLU network with the given weights (fan_out, fan_in)."""
    modules: list[torch.nn.Module] = []
    for weight in layers:
        modules += [_linear(weight), torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


class ResidualTwin(torch.nn.Module):
    """A residual network with the given weights, as `deepinit.train.scaled_modules` lists them."""

    def __init__(
        self, layers: Sequence[torch.Tensor], scales: Sequence[float], ending: str
    ) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(map(_linear, layers))
        self.scales, self.ending = scales, ending

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the logits, (images, classes)."""
        x = self.layers[0](images)
        for module, eta in enumerate(self.scales):
            y = self.layers[2 + 2 * module](torch.relu(self.layers[1 + 2 * module](x)))
            x = x + eta * (torch.relu(y) if self.ending == "relu" else y)
        return self.layers[-1](x)


def sgd_step(
    twin: torch.nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    optimiser: torch.optim.SGD,
) -> None:
    """Make one step of torch's own SGD with autograd."""
    optimiser.zero_grad()
    torch.nn.functional.cross_entropy(twin(images), labels).backward()
    optimiser.step()


def weights_of(twin: torch.nn.Module) -> list[torch.Tensor]:
    """Return the weights from the input layer to the output layer."""
    return [parameter.detach() for parameter in twin.parameters()]
