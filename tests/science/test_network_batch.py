"""One step of many networks: right gradients, exact padding, the same bytes in any company."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
import torch

from deepinit.random_stream import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.train.network_batch import NetworkBatch, pad_to, round_up
from deepinit.weight_laws import WEIGHT_LAWS
from deepinit.weights import draw_weights

NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
DEVICES = ["cpu", pytest.param("cuda", marks=NO_GPU)]


def stream(*address: str | int) -> RandomStream:
    """Return the stream of a test."""
    return RandomStream(seed_sequence(32, "test_network_batch", *address))


def module_twin(layers: Sequence[torch.Tensor]) -> torch.nn.Sequential:
    """Return one network as a torch module with the given weights (fan_out, fan_in)."""
    modules: list[torch.nn.Module] = []
    for weight in layers:
        linear = torch.nn.Linear(*reversed(weight.shape), bias=False, dtype=weight.dtype)
        linear.weight.data.copy_(weight)
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def sgd_step(
    twin: torch.nn.Module, images: torch.Tensor, labels: torch.Tensor, rate: float
) -> None:
    """Make one step of torch's own SGD with autograd."""
    optimiser = torch.optim.SGD(twin.parameters(), lr=rate)
    optimiser.zero_grad()
    torch.nn.functional.cross_entropy(twin(images), labels).backward()
    optimiser.step()


def drawn_layers(networks: int, widths: Sequence[int]) -> list[torch.Tensor]:
    """Return He normal weights for networks of the given widths, input and output included."""
    source, law = stream("layers", networks, *widths), WEIGHT_LAWS["he_normal"]
    return [
        draw_weights(law, source, networks, fan_out, fan_in) for fan_in, fan_out in pairwise(widths)
    ]


def padded_step(
    batch: NetworkBatch, images: torch.Tensor, labels: torch.Tensor, rates: torch.Tensor
) -> torch.Tensor:
    """Make a step of a batch on images (networks, n, pixels) and labels (networks, n)."""
    networks, number, pixels = images.shape
    size = round_up(number, 16)
    inputs = pad_to(images, networks, size, round_up(pixels, 16))
    one_hot = torch.nn.functional.one_hot(labels, batch.classes).float()
    targets = pad_to(one_hot, networks, size, batch.classes)
    return batch.step(inputs, targets, (-rates / number).view(-1, 1, 1))


@pytest.mark.parametrize("device", DEVICES)
def test_steps_by_hand_equal_autograd_on_a_module_twin(device):
    """Five steps in float32 against float64 autograd: weight changes agree to 2e-6 of the largest.

    float32 has a relative precision of 6e-8; the weights are about as large as their changes,
    and sums have 41 terms over five steps.
    """
    widths, networks, rates = [20, 12, 7, 5, 10], 3, torch.tensor([0.1, 0.5, 1.0])
    layers = drawn_layers(networks, widths)
    twins = [module_twin([layer[k].double() for layer in layers]) for k in range(networks)]
    batch = NetworkBatch([layer.to(device) for layer in layers], 41)
    data = stream("images")
    for number in (41, 41, 17, 41, 1):
        images = data.uniform(networks, number, widths[0])
        labels = torch.from_numpy(data.numpy.integers(10, size=(networks, number)))
        padded_step(batch, images.to(device), labels.to(device), rates.to(device))
        for k, twin in enumerate(twins):
            sgd_step(twin, images[k].double(), labels[k], rates[k].item())
    for k, twin in enumerate(twins):
        for layer, (before, after) in enumerate(zip(layers, batch.weights, strict=True)):
            expected = twin[2 * layer].weight.detach()
            rows, columns = expected.shape
            change = (expected - before[k]).abs().max()
            assert change > 0.01
            error = (after[k, :rows, :columns].cpu().double() - expected).abs().max()
            assert error < 2e-6 * max(change, expected.abs().max())


def test_padding_stays_exactly_zero():
    layers = drawn_layers(2, [20, 7, 5, 10])
    batch = NetworkBatch(layers, 19)
    data = stream("padding")
    for _ in range(3):
        images = data.uniform(2, 19, 20)
        padded_step(batch, images, torch.zeros(2, 19, dtype=torch.int64), torch.ones(2))
    for before, after in zip(layers, batch.weights, strict=True):
        _, rows, columns = before.shape
        assert not torch.equal(after[:, :rows, :columns], before)
        assert after[:, rows:].count_nonzero() == after[:, :, columns:].count_nonzero() == 0


@pytest.mark.parametrize("width", [5, 10, 15, 20, 30, 33])
@pytest.mark.parametrize("number", [171, 82, 7])
def test_a_networks_weights_are_the_same_bytes_alone_and_in_company(width, number):
    layers = drawn_layers(13, [784, width, width, width, 10])
    data = stream("company")
    images = data.uniform(13, number, 784)
    labels = torch.from_numpy(data.numpy.integers(10, size=(13, number)))
    rates = torch.full((13,), 0.05)

    def trained(members: slice) -> list[torch.Tensor]:
        batch = NetworkBatch([layer[members].clone() for layer in layers], number)
        for _ in range(2):
            padded_step(batch, images[members], labels[members], rates[members])
        return batch.weights

    together = trained(slice(None))
    for members in (slice(0, 1), slice(5, 6), slice(12, 13), slice(1, 3), slice(4, 11)):
        for alone, shared in zip(trained(members), together, strict=True):
            assert torch.equal(alone, shared[members])
