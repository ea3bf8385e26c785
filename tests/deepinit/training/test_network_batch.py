"""One step of many networks: right gradients, exact padding, the same bytes in any company.

The same bytes on one machine, with one instruction set and version of its libraries: both runs that are
compared are made here. Bytes of one machine are never compared with those of another.
"""

from collections.abc import Sequence
from functools import cache

import pytest
import torch
from rounding import assert_as_exact_as_plain, nudged
from training_samples import stream

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.reference.modules import ScaledModules, fully_connected, optimiser_step
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.network_batch import NetworkBatch, pad_to, round_up
from deepinit.training.outcome import Network
from deepinit.training.scaled_modules import ScaledModuleNetwork

NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
DEVICES = ["cpu", pytest.param("cuda", marks=NO_GPU)]
HE = WEIGHT_LAWS["he_normal"]


def connected(*widths: int, biases: bool = False) -> list[Network]:
    """Return three fully connected networks."""
    return [FullyConnected(widths, HE, biases)] * 3


def residual(ending: str, width: int = 5, hidden: int = 7, modules: int = 3) -> list[Network]:
    """Return three residual networks of different scales."""
    return [
        ScaledModuleNetwork(tuple(base**module for module in range(modules)), width, hidden, ending)
        for base in (1.0, 0.9, 0.5)
    ]


KINDS = {
    "fully connected": connected(12, 7, 5),
    "fully connected, biases": connected(12, 7, 5, biases=True),
    "residual, relu": residual("relu"),
    "residual, linear": residual("linear", width=6, hidden=5, modules=2),
}


def drawn(networks: Sequence[Network], pixels: int) -> list[torch.Tensor]:
    """Return the initial weights of networks of one shape, layer by layer."""
    layers = [network.draw(stream("layers", k), pixels, 10) for k, network in enumerate(networks)]
    return [torch.cat(layer) for layer in zip(*layers, strict=True)]


def batch_of(
    networks: Sequence[Network], layers: Sequence[torch.Tensor], images: int
) -> NetworkBatch:
    """Return networks as a batch; the layers are copied."""
    return networks[0].batch(networks, [layer.clone() for layer in layers], images, 10)


def twin(network: Network, weights: Sequence[torch.Tensor]) -> torch.nn.Module:
    """Return one network as a torch module."""
    if isinstance(network, ScaledModuleNetwork):
        return ScaledModules(weights, network.scales, network.ending)
    return fully_connected([part for part in weights if part.shape[1] > 1], network.biases)


def in_order(module: torch.nn.Module) -> list[torch.Tensor]:
    """Return the parameters of a module as `NetworkBatch.parameters` has them, of one network."""
    parts = [parameter.detach() for parameter in module.parameters()]
    biases = [part.view(-1, 1) for part in parts if part.ndim == 1]
    return [part for part in parts if part.ndim > 1] + biases


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


@pytest.mark.rounding
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", KINDS)
def test_steps_by_hand_equal_autograd_on_a_module_twin(kind, device):
    """Five steps in float32 are as near to float64 autograd as those of float32 autograd."""
    networks, pixels = KINDS[kind], 20
    # Unscaled modules of an untrained stream would diverge at the rates of the others.
    rates = torch.tensor([0.1, 0.5, 1.0]) * (0.1 if kind == "residual, linear" else 1)
    layers = drawn(networks, pixels)
    data, steps = stream("images"), []
    for number in (41, 41, 17, 41, 1):
        images = data.uniform(3, number, pixels)
        steps.append((images, torch.from_numpy(data.numpy.integers(10, size=(3, number)))))
    batch = batch_of(networks, [layer.to(device) for layer in layers], 41)
    for images, labels in steps:
        padded_step(batch, images.to(device), labels.to(device), rates.to(device))

    @cache
    def by_autograd(k: int, digits: torch.dtype, run: int) -> list[torch.Tensor]:
        module = twin(networks[k], [nudged(layer[k], run).to(digits) for layer in layers])
        optimiser = torch.optim.SGD(module.parameters(), lr=rates[k].item())
        for images, labels in steps:
            optimiser_step(module, images[k].to(digits), labels[k], optimiser)
        return in_order(module)

    changes = 0
    for k in range(3):
        for number, expected in enumerate(by_autograd(k, torch.float64, 0)):
            rows, columns = expected.shape
            assert_as_exact_as_plain(
                batch.parameters[number][k, :rows, :columns].cpu(),
                lambda run, k=k, number=number: by_autograd(k, torch.float32, run)[number],
                expected,
            )
            changes += (expected - layers[number][k]).abs().max() > 0.01
    assert changes > len(layers)


ALONE = [
    *([FullyConnected((width,) * 3, HE)] * 13 for width in (5, 10, 15, 20, 30, 33)),
    [FullyConnected((10, 30, 17), HE)] * 13,
    *([FullyConnected((width,) * 3, HE, biases=True)] * 13 for width in (5, 10, 15, 20, 33, 100)),
    *(residual(ending)[:1] * 7 + residual(ending)[1:] * 3 for ending in ("relu", "linear")),
]


@pytest.mark.parametrize("networks", ALONE, ids=lambda networks: str(networks[0].shape))
@pytest.mark.parametrize("number", [171, 82, 7])
def test_a_networks_weights_are_the_same_bytes_alone_and_in_company(networks, number):
    layers = drawn(networks, 784)
    data = stream("company")
    images = data.uniform(13, number, 784)
    labels = torch.from_numpy(data.numpy.integers(10, size=(13, number)))
    rates = torch.full((13,), 0.05)

    def trained(members: slice) -> list[torch.Tensor]:
        batch = batch_of(networks[members], [layer[members] for layer in layers], number)
        for _ in range(2):
            padded_step(batch, images[members], labels[members], rates[members])
        return batch.parameters

    together = trained(slice(None))
    for members in (slice(0, 1), slice(5, 6), slice(12, 13), slice(1, 3), slice(4, 11)):
        for alone, shared in zip(trained(members), together, strict=True):
            assert torch.equal(alone, shared[members])


def test_modules_keep_the_mean_squared_length_whatever_they_end_in():
    """Mean of ‖N(x)‖²/‖x‖² over 60 networks: 1 within 5 standard errors of 0.03 or so."""
    x = stream("input").normal(100, 1)
    for ending in ("relu", "linear"):
        ratios = []
        for k in range(60):
            _, first, second, _ = ScaledModuleNetwork((1.0,), 100, 100, ending).draw(
                stream("x", k), 1, 1
            )
            y = second[0] @ (first[0] @ x).relu()
            y = y.relu() if ending == "relu" else y
            ratios.append(y.square().sum() / x.square().sum())
        ratios = torch.stack(ratios)
        assert abs(ratios.mean() - 1) < 5 * ratios.std() / 60**0.5
        assert ratios.std() < 0.4
