"""`deepinit.sample_init_` does what Luther & Seung (2019) do, in any module."""

from typing import Any

import pytest
import torch
from probing_modules import Branches, Residual, UNet, all_cnn, he, mlp
from torch import nn

import deepinit


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    """Whichever tests of this process came before."""
    torch.manual_seed(0)


def outputs(model: nn.Module, *inputs: Any, **keywords: Any) -> dict[str, torch.Tensor]:
    """Return what every linear and convolutional layer gives out at its first call."""
    found: dict[str, torch.Tensor] = {}
    names = {
        module: name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d)
    }

    def keep(module: nn.Module, entered: tuple, output: torch.Tensor) -> None:
        found.setdefault(names[module], output.detach())

    handles = [module.register_forward_hook(keep) for module in names]
    model(*inputs, **keywords)
    for handle in handles:
        handle.remove()
    return found


def moments(output: torch.Tensor, axis: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return variance and mean of each unit."""
    return torch.var_mean(output.movedim(axis, 0).flatten(1), dim=1, correction=0)


@pytest.mark.parametrize(
    ("model", "inputs", "axis", "last"),
    [
        (lambda: mlp(12, 32), torch.randn(64, 32), 1, "24"),
        (lambda: all_cnn(8), torch.randn(8, 3, 16, 16), 1, "12"),
        (lambda: UNet(6), torch.randn(8, 1, 16, 16), 1, "end.2"),
        (lambda: nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 8)), torch.randn(5, 7, 8), 2, "2"),
    ],
    ids=["MLP", "ALL-CNN", "U-Net, transposed", "sequences"],
)  # fmt: skip
def test_every_unit_of_hidden_layers_has_mean_0_and_variance_1(model, inputs, axis, last):
    network = model()
    before = network.get_submodule(last).weight.clone()
    assert deepinit.sample_init_(network, inputs) is network
    for name, output in outputs(network, inputs).items():
        variance, mean = moments(output, axis)
        if name != last:
            assert torch.allclose(variance, torch.ones(()), atol=1e-4), name
            assert torch.allclose(mean, torch.zeros(()), atol=1e-4), name
    assert torch.equal(network.get_submodule(last).weight, before)


def test_it_stops_the_collapse_of_inputs_and_costs_gradients():
    """c stays at 1/π, gradients grow by √(π/(π − 1)) = 1.21 a layer: width 200, 12 layers, 10 networks."""
    inputs = torch.randn(128, 200)
    report = deepinit.probe(
        lambda: deepinit.sample_init_(mlp(12, 200), inputs), inputs, networks=10
    )
    outputs_ = report.measured.values["outputs"]
    assert outputs_["variance"][:, 0:24:2] == pytest.approx(1, abs=0.02)
    growth = 10 ** (report["gradients"].estimate.value / 11)
    assert growth == pytest.approx(1.21, abs=0.03)


def test_a_shared_module_is_initialised_at_its_first_call():
    network = Branches()
    given = {"x": torch.randn(32, 32), "scale": torch.full((), 2.0)}
    calls = network.calls.clone()
    deepinit.sample_init_(network, given)
    assert torch.equal(network.calls, calls)
    found = outputs(network, **given)
    assert torch.allclose(moments(found["shared"], 1)[0], torch.ones(()), atol=1e-4)
    assert torch.allclose(moments(found["wide"], 1)[1], torch.zeros(()), atol=1e-4)


def test_layers_that_are_named_stay_and_modes_and_gradients_too():
    network = mlp(3, 16)
    network[0].weight.grad = torch.ones(16, 16)
    first = network[0].weight.detach().clone()
    deepinit.sample_init_(network, torch.randn(32, 16), keep=["0"])
    assert torch.equal(network[0].weight, first) and network.training
    assert torch.equal(network[0].weight.grad, torch.ones(16, 16))
    assert not torch.equal(network[6].weight, he(mlp(3, 16))[6].weight)
    assert all(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize(
    ("model", "inputs", "options", "words"),
    [
        (lambda: Residual(2, 16, 1.0), torch.randn(8, 16), {}, "'inner.0' has no bias"),
        (lambda: mlp(2, 8), torch.ones(8, 8), {}, "8 units of layer '0'"),
        (lambda: mlp(2, 8), torch.randn(8, 8), {"keep": ["nine"]}, "'nine'"),
    ],
    ids=["no bias", "the same for all inputs", "no such layer"],
)
def test_what_it_cannot_do_is_refused(model, inputs, options, words):
    network = model()
    before = [parameter.detach().clone() for parameter in network.parameters()]
    with pytest.raises(deepinit.probing.UnfitNetworks, match=words):
        deepinit.sample_init_(network, inputs, **options)
    assert all(map(torch.equal, before, network.parameters()))
