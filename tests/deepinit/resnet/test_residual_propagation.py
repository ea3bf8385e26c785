"""Residual networks at initialisation: the recursions themselves, forward and backward.

Seeds and the false-alarm rate of statistical tests are those of `residual_samples`.
"""

import math

import numpy as np
import pytest
import torch
from residual_samples import ALPHA, Z, numpy, ratios, stream
from scipy import stats

from deepinit.resnet.ratios import (
    WeightMemory,
    backpropagate,
    first_layer,
    independent_weights,
    propagate,
)


def literal(start: torch.Tensor, v: torch.Tensor, w: torch.Tensor, alpha: torch.Tensor | float):
    """Return h_L of h ← h + α V ReLU(W h), float64; v, w have shape (depth, draws, d, d)."""
    h = start
    for layer in range(len(v)):
        z = torch.einsum("nij,nrj->nri", w[layer], h)
        h = h + alpha * torch.einsum("nij,nrj->nri", v[layer], z.clamp_min(0))
    return h


@pytest.mark.parametrize(
    "alpha", [0.3, 20.0, torch.tensor([[0.1], [1.0], [30.0]]).double()], ids=str
)
def test_propagation_and_its_gradient_equal_autograd_on_the_literal_recursion(alpha):
    """In float64 to 1e-11; α = 20 and 30 make vectors grow beyond 10⁶, so they are rescaled."""
    source = stream("autograd")
    start, last = (source.normal(2, 3, 5).double() for _ in range(2))
    v, w = (source.normal(11, 2, 5, 5).double() / 5**0.5 for _ in range(2))
    active = torch.empty(11, 2, 3, 5, dtype=torch.bool)

    def weights(layer: int) -> tuple[torch.Tensor, torch.Tensor]:
        return v[layer].mT, w[layer].mT

    leaf = start.clone().requires_grad_(True)
    output = literal(leaf, v, w, alpha)
    (gradient,) = torch.autograd.grad((output * last).sum(), leaf)
    forward = propagate(start, weights, alpha, 11, active)
    backward = backpropagate(last, weights, alpha, active)
    for found, expected, origin in (
        (forward, output.detach(), start),
        (backward, gradient, last),
    ):
        torch.testing.assert_close(
            found.direction * found.log_scale.exp(), expected, rtol=1e-11, atol=1e-11
        )
        torch.testing.assert_close(found.log_norm(), expected.norm(dim=2).log())
        torch.testing.assert_close(
            found.log_change(origin), (expected - origin).norm(dim=2).log(), rtol=1e-9, atol=1e-9
        )
    assert (forward.log_scale.max() > 0) == (not isinstance(alpha, float) or alpha > 1)


@pytest.mark.rounding
def test_an_exploding_network_follows_the_float64_recursion():
    """β = 0, 800 layers: lengths beyond float32.

    The logarithm is off by 800 relative roundings of at most √d · 2⁻²³ each.
    """
    depth, width = 800, 10
    source = stream("explode")
    start, last = (source.normal(3, 1, width) for _ in range(2))
    v, w = (source.normal(depth, 3, width, width) / width**0.5 for _ in range(2))
    active = torch.empty(depth, 3, 1, width, dtype=torch.bool)
    exact_v, exact_w = v.double(), w.double()
    found = (
        propagate(start, lambda k: (v[k].mT, w[k].mT), 1.0, depth, active).log_norm(),
        backpropagate(last, lambda k: (v[k].mT, w[k].mT), 1.0, active).log_norm(),
    )
    leaf = start.double().requires_grad_(True)
    output = literal(leaf, exact_v, exact_w, 1.0)
    (gradient,) = torch.autograd.grad((output * last).sum(), leaf)
    for logs, expected in zip(found, (output.detach(), gradient), strict=True):
        expected = expected.norm(dim=2).log()
        assert expected.min() > math.log(torch.finfo(torch.float32).max)
        assert (logs - expected).abs().max() < depth * width**0.5 * 2**-23


@pytest.mark.rounding
def test_a_change_far_below_the_rounding_of_the_vectors_keeps_its_digits():
    """β = 2, L = 1000: each step is below 2⁻²³ of the vector, the change 2·10⁻⁵ of it.

    1000 roundings of relative size 2⁻²⁴ each, of products of √d terms, bound the error; summed into
    the vector itself the steps would lose several per cent.
    """
    depth, width = 1000, 20
    source = stream("small steps")
    start, last = (source.normal(3, 1, width) for _ in range(2))
    v, w = (source.normal(depth, 3, width, width) / width**0.5 for _ in range(2))
    found = {}
    for digits in (torch.float32, torch.float64):
        start, last, v, w = (values.to(digits) for values in (start, last, v, w))
        active = torch.empty(depth, 3, 1, width, dtype=torch.bool)

        def weights(layer: int, v=v, w=w) -> tuple[torch.Tensor, torch.Tensor]:
            return v[layer].mT, w[layer].mT

        for alpha in (1e-6, torch.full((1, 1), 1e-6, dtype=digits)):
            end = propagate(start, weights, alpha, depth, active)
            back = backpropagate(last, weights, alpha, active)
            found.setdefault(digits, []).extend([end.log_change(start), back.log_change(last)])
    exact = literal(start, v, w, 1e-6) - start
    reference = exact.norm(dim=2).log()
    assert torch.allclose(found[torch.float64][0], reference, rtol=0, atol=1e-9)
    for single, double in zip(found[torch.float32], found[torch.float64], strict=True):
        assert (single - double).abs().max() < depth * width**0.5 * 2**-24


@pytest.mark.parametrize("law", ["uniform", "gaussian"])
@pytest.mark.parametrize(("inputs", "square"), [("uniform", 1 / 3), ("gaussian", 1.0)])
def test_the_first_layer_has_variance_one_over_fan_in(law, inputs, square):
    """E‖A x‖²/d = E x²; n = 4000 independent draws."""
    h = first_layer(stream("first", law, inputs), 4000, 1, 7, law, inputs)
    values = h.double().square().mean(dim=2).numpy().ravel()
    assert abs(values.mean() - square) < Z * stats.sem(values)


def test_the_size_of_the_batch_changes_neither_the_number_of_networks_nor_their_law():
    """Two-sample Kolmogorov–Smirnov, n = 2000 each; the last batch is not full."""
    whole, cut = (ratios("uniform", 6, 5, 0.5, 2000, batch=batch) for batch in (None, 17))
    for name in ("log_output_norm", "log_output_change", "log_gradient_norm"):
        first, second = numpy(getattr(whole, name)), numpy(getattr(cut, name))
        assert len(second) == len(np.unique(second)) == 2000
        assert stats.ks_2samp(first, second).pvalue > ALPHA


def test_what_lay_in_shared_memory_before_changes_nothing():
    """Calls of other shapes, smaller and larger, leave other numbers there."""
    shared = WeightMemory()

    def sample(memory: WeightMemory | None, *shape: float) -> dict[str, np.ndarray]:
        options = {"law": "uniform", "inputs": "uniform"}
        return independent_weights(*shape, seed=8, memory=memory, **options).numpy()

    own, first = sample(None, 30, 6, 0.5, 40), sample(shared, 30, 6, 0.5, 40)
    for depth, width, networks in ((4, 3, 2), (60, 9, 50), (7, 5, 11)):
        sample(shared, depth, width, 0.25, networks)
    again = sample(shared, 30, 6, 0.5, 40)
    for name, values in own.items():
        assert np.array_equal(first[name], values) and np.array_equal(again[name], values)
