"""The weight inside the activation, h ← h + α σ(W h): recursion, law, drift.

Seeds and the false-alarm rate of statistical tests are those of `residual_samples`.
"""

import math

import numpy as np
import pytest
import torch
from residual_samples import ALPHA, Z, numpy, stream
from scipy import stats

from deepinit.resnet.ratios_theory import mean_squared_change_bounds
from deepinit.resnet.single_weight import (
    ACTIVATIONS,
    backpropagate_inside,
    inside_weights,
    propagate_inside,
    reduced_inside,
)
from deepinit.resnet.single_weight_theory import (
    drift,
    log_mean_squared_change,
)
from deepinit.resnet.smooth_weights_theory import first_order_mean_squares

HOMOGENEOUS = [name for name, activation in ACTIVATIONS.items() if activation.homogeneous]
FUNCTIONS = {
    "relu": torch.relu,
    "leaky": lambda z: torch.nn.functional.leaky_relu(z, 0.8),
    "identity": lambda z: z,
    "tanh": torch.tanh,
}


# ---- the recursion


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("alpha", [0.3, 20.0])
def test_propagation_and_its_gradient_equal_autograd_on_the_literal_recursion(name, alpha):
    """In float64; at α = 20 all but tanh grow beyond 10⁶ and are rescaled on the way."""
    source = stream("inside autograd")
    start, last = (source.normal(2, 3, 5).double() for _ in range(2))
    w = source.normal(11, 2, 5, 5).double() / 5**0.5
    leaf = start.clone().requires_grad_(True)
    output = leaf
    for layer in w:
        output = output + alpha * FUNCTIONS[name](torch.einsum("nij,nrj->nri", layer, output))
    (gradient,) = torch.autograd.grad((output * last).sum(), leaf)
    output = output.detach()

    slopes = torch.empty(11, 2, 3, 5, dtype=torch.float64)
    end = propagate_inside(start, lambda k: w[k].mT, alpha, 11, ACTIVATIONS[name], slopes)
    back = backpropagate_inside(last, lambda k: w[k].mT, alpha, slopes)
    for found, expected, origin in ((end, output, start), (back, gradient, last)):
        logs, change = expected.norm(dim=2).log(), (expected - origin).norm(dim=2).log()
        torch.testing.assert_close(found.log_norm(), logs, rtol=1e-10, atol=1e-10)
        torch.testing.assert_close(found.log_change(origin), change, rtol=1e-9, atol=1e-9)
    assert (end.log_scale.max() > 0) == (alpha > 1 and name != "tanh")
    if name != "tanh":
        # Euler: h_L is positively homogeneous in h_0, hence p_0·h_0 = p_L·h_L.
        torch.testing.assert_close((gradient * start).sum(2), (last * output).sum(2))


# ---- the law


@pytest.mark.parametrize("name", HOMOGENEOUS)
@pytest.mark.parametrize(
    ("width", "depth", "beta"), [(2, 1, 0.5), (3, 8, 0.5), (10, 30, 0.5), (10, 6, 0.0)]
)
def test_the_reduced_sampler_has_the_joint_law_of_drawn_weights(name, width, depth, beta):
    """Two-sample Kolmogorov–Smirnov, n = 4000 each, on functions of all four ratios.

    A dead layer leaves a network where it is: its log-change is −∞ in both samples.
    """
    options = {"activation": name, "inputs": "gaussian"}
    address = "inside joint", name, width, depth, beta
    drawn = inside_weights(
        depth, width, beta, 4000, stream("drawn", *address), weights="gaussian", **options
    )
    reduced = reduced_inside(depth, width, beta, 4000, stream("reduced", *address), **options)
    samples = []
    for found in (drawn, reduced):
        h, p = numpy(found.log_output_norm), numpy(found.log_gradient_norm)
        moved = np.exp(numpy(found.log_output_change)), np.exp(numpy(found.log_gradient_change))
        samples.append((h + p, h - p, np.maximum(h, p), *moved, moved[0] * moved[1]))
    for first, second in zip(*samples, strict=True):
        assert stats.ks_2samp(first, second).pvalue > ALPHA


@pytest.mark.parametrize("weights", ["uniform", "gaussian"])
@pytest.mark.parametrize(("width", "depth", "beta"), [(5, 1, 0.5), (5, 15, 0.5), (8, 20, 1.0)])
def test_without_drift_the_mean_square_is_exact_at_any_width(weights, width, depth, beta):
    """σ = identity: (1 + α²)^L − 1, the upper of the paper's bounds; n = 4000, both directions."""
    found = inside_weights(
        depth, width, beta, 4000, stream("identity", weights, width, depth),
        activation="identity", weights=weights, inputs="uniform",
    )  # fmt: skip
    expected = mean_squared_change_bounds(depth, beta)[1]
    assert log_mean_squared_change(depth, beta, 1.0) == pytest.approx(math.log(expected), rel=1e-9)
    for change in (found.log_output_change, found.log_gradient_change):
        squares = np.exp(2 * numpy(change))
        assert abs(squares.mean() - expected) < Z * stats.sem(squares)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky", 0.8)])
@pytest.mark.parametrize(("depth", "beta"), [(20, 1.0), (60, 0.5)])
def test_the_drift_has_the_limit_of_infinite_width(name, slope, depth, beta):
    """d = 100, n = 3000; the limit is off by a relative O(1/d): 1/d is allowed for."""
    found = reduced_inside(
        depth, 100, beta, 3000, stream("drift", name, depth), activation=name, inputs="uniform"
    )
    limit = math.exp(log_mean_squared_change(depth, beta, slope))
    relative = np.exp(2 * numpy(found.log_output_change)) / limit
    assert abs(relative.mean() - 1) < Z * stats.sem(relative) + 1 / 100


def test_the_drift_makes_the_critical_exponent_one():
    """L → ∞: sinh δ at β = 1, log cosh growth below, decay above; error of order L^{1 − 2β}."""
    delta = drift(0.0)
    assert delta == pytest.approx(0.3989, abs=1e-4)
    deep = 10_000
    assert math.exp(log_mean_squared_change(deep, 1.0, 0.0) / 2) == pytest.approx(
        math.sinh(delta), rel=10 / deep
    )
    growth = [log_mean_squared_change(depth, 0.5, 0.0) / 2 for depth in (400, 1600)]
    # Twice the time of the flow: as much again, up to the diffusion, which adds a constant.
    assert growth[1] - growth[0] == pytest.approx(delta * 20, abs=0.3)
    assert log_mean_squared_change(deep, 1.5, 0.0) < log_mean_squared_change(100, 1.5, 0.0) - 1


@pytest.mark.parametrize("depth", [12, 30])
def test_smooth_weights_inside_have_the_mean_squares_of_first_order(depth):
    """β = 3: what is left out is of relative order α L < 1/100; n = 2500, d = 10."""
    found = inside_weights(
        depth, 10, 3.0, 2500, stream("inside smooth", depth),
        activation="relu", weights="smooth", inputs="gaussian",
    )  # fmt: skip
    expected = first_order_mean_squares(depth, 10, 3.0, inside=True)
    for change, mean in zip(
        (found.log_output_change, found.log_gradient_change), expected, strict=True
    ):
        relative = np.exp(2 * numpy(change)) / mean
        assert abs(relative.mean() - 1) < Z * stats.sem(relative) + depth**-2.0
