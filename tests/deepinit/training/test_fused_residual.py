"""The fused step of scaled residual networks on a GPU, against the layer-by-layer one.

Both round in float32, differently, and which of the two is nearer to float64 is chance: so the fused
one may err four times as much as the plain one, in the root mean square over eight problems. They
are shallow enough that hardly any ReLU flips by rounding, which costs digits in either way.
"""

import importlib.util

import pytest
import torch

from deepinit.training.fused_residual import FusedResidualBatch
from deepinit.training.network_batch import pad_to
from deepinit.training.residual_batch import ScaledResidualBatch

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available() or importlib.util.find_spec("triton") is None,
    reason="torch sees no CUDA device on this machine, or there is no Triton",
)
PIXELS, CLASSES = 100, 10


def problem(seed, networks=3, depth=200, width=30, images=128, dtype=torch.float32):
    """Return the arguments of a batch, and those of a step but for its factor."""
    draw = torch.Generator().manual_seed(seed)
    hidden = torch.randn(depth, networks, width, width, generator=draw) * width**-0.5
    first = torch.randn(networks, width, PIXELS, generator=draw) * PIXELS**-0.5
    last = torch.randn(networks, CLASSES, width, generator=draw) * width**-0.5
    inputs = torch.rand(networks, images, PIXELS, generator=draw)
    labels = torch.randint(CLASSES, (networks, images), generator=draw)
    targets = torch.nn.functional.one_hot(labels, CLASSES).to(dtype).cuda()
    alphas = torch.full((networks,), depth**-0.5, dtype=torch.float64)
    biased = torch.arange(networks) % 2 == 0
    rates = torch.full((networks,), 1e-3, dtype=torch.float64)
    weights = [tensor.to("cuda", dtype) for tensor in (hidden, first, last)]
    padded = pad_to(inputs, networks, images, 112).to("cuda", dtype)
    return [*weights, alphas, biased, rates, images], [padded, targets, images]


def error(kind, seed):
    """Return the relative error of weights and of both moments after one step."""
    exact = ScaledResidualBatch(*problem(seed, depth=50, dtype=torch.float64)[0])
    exact.step(*problem(seed, depth=50, dtype=torch.float64)[1], 1.0)
    arguments, step = problem(seed, depth=50)
    batch = kind(*arguments)
    batch.step(*step, 1.0)
    pairs = zip(batch.state(), exact.state(), strict=True)
    return torch.stack([(ours - true).norm() / true.norm() for ours, true in pairs])


def test_errs_at_most_four_times_as_much_as_the_layer_by_layer_step():
    plain, fused = (
        torch.stack([error(kind, seed) for seed in range(8)]).square().mean(0).sqrt()
        for kind in (ScaledResidualBatch, FusedResidualBatch)
    )
    assert (fused <= 4 * plain).all(), (plain, fused)


def test_logits_are_those_of_the_layer_by_layer_way_and_fewer_images_are_padded():
    arguments, (inputs, targets, _) = problem(1)
    plain, fused = ScaledResidualBatch(*arguments), FusedResidualBatch(*arguments)
    inputs, targets = inputs[:, :48].clone(), targets[:, :48].clone()
    inputs[:, 40:], targets[:, 40:] = 0, 0
    for batch in (plain, fused):
        batch.step(inputs, targets, 40, 1.0)
    ours, theirs = (batch._logits(inputs[0]) for batch in (fused, plain))
    assert (ours - theirs).norm() < 1e-4 * theirs.norm()


def test_the_same_networks_give_the_same_bytes():
    def trained():
        arguments, step = problem(2)
        batch = FusedResidualBatch(*arguments)
        for _ in range(3):
            batch.step(*step, 1.0)
        return batch.state()

    assert all(map(torch.equal, trained(), trained()))


def test_a_network_that_overflows_says_so_and_its_neighbours_do_not_notice():
    arguments, step = problem(3)
    calm = FusedResidualBatch(*arguments)
    arguments[3] = torch.tensor([200**-0.5, 30.0, 200**-0.5], dtype=torch.float64)
    batch = FusedResidualBatch(*arguments)
    calm.step(*step, 1.0)
    largest = batch.step(*step, 1.0)
    assert largest.isfinite().tolist() == [True, False, True]
    assert torch.equal(batch.hidden[:, ::2], calm.hidden[:, ::2])


def test_only_shapes_that_fit_into_registers_are_taken():
    there = torch.device("cuda")
    assert FusedResidualBatch.suits(there, 32, 128, 10)
    assert not FusedResidualBatch.suits(there, 48, 128, 10)
    assert not FusedResidualBatch.suits(there, 32, 112, 10)
    assert not FusedResidualBatch.suits(torch.device("cpu"), 32, 128, 10)
