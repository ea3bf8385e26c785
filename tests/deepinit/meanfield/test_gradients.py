"""Gradients at initialisation: the written-out backward pass, and its theory.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from streams import levels, reach, streams

from deepinit.meanfield.arc_cosine import both_on_map, correlation_by_layer
from deepinit.meanfield.gradients import KINDS, Layer, backward, before_normalisation, forward
from deepinit.meanfield.gradients import gradient_statistics as simulate
from deepinit.meanfield.gradients_theory import (
    batch_norm_growth,
    gradient_correlation,
    sample_init_growth,
)
from deepinit.meanfield.normalisation import SAMPLES, normalise

ALPHA, Z = levels(50)
stream = streams(83, "test_gradients")


@pytest.mark.parametrize("kind", KINDS)
def test_the_backward_pass_is_that_of_automatic_differentiation(kind):
    """Float64, 4 layers of 7 units, 5 inputs, 2 nets; sample init's statistics are constants."""
    source = stream("autograd", kind)
    weights = [source.normal(2, 7, 7).double() for _ in range(5)]
    inputs, top = source.normal(2, 7, 5).double(), source.normal(2, 7, 5).double()
    x, relu_inputs = inputs.clone().requires_grad_(), []
    for matrix in weights[:-1]:
        y = matrix @ x
        if kind != "plain":
            mean, sd = y.mean(2, keepdim=True), y.std(2, keepdim=True, correction=0)
            if kind == "sample init":
                mean, sd = mean.detach(), sd.detach()
            y = (y - mean) / sd
        relu_inputs.append(y)
        x = y.relu()
    expected = torch.autograd.grad(((weights[-1] @ x) * top).sum(), relu_inputs)
    layers = forward(weights[:-1], inputs, kind)
    found = backward(layers, weights[-1], top, kind)
    for mine, theirs, layer, z in zip(found, expected, layers, relu_inputs, strict=True):
        assert torch.allclose(layer.inputs, z, atol=1e-12)
        assert torch.allclose(mine, theirs, rtol=1e-9, atol=1e-12)


def test_both_growths_tend_to_the_published_factor_at_first_order_in_one_over_batch():
    limit = math.pi / (math.pi - 1)
    assert batch_norm_growth() == sample_init_growth() == pytest.approx(limit, rel=1e-15)
    for growth in (batch_norm_growth, sample_init_growth):
        gap = [growth(batch) / limit - 1 for batch in (1000, 10_000)]
        assert gap[1] / gap[0] == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("batch", [6, 12, 40])
def test_one_layer_of_the_infinite_net_has_the_derived_growth(kind, batch):
    """The limit's own law: 10⁵ independent units with normal pre-activations and gradients.

    Rows of WᵀPδ are normal with covariance ∝ (1 − ρ) I + ρ 11ᵀ, ρ = −1/(T − 1), for batch norm.
    """
    source, units = stream("layer", kind, batch), 100_000
    squared_mean = 1 - 1 / (sample_init_growth(batch) * (1 - 3 / batch))
    y = math.sqrt(1 - squared_mean) * source.normal(1, units, batch)
    y += math.sqrt(squared_mean) * source.normal(1, units, 1)
    q = source.normal(1, units, batch)
    if kind == "batch norm":
        q -= q.mean(dim=2, keepdim=True)
        q *= math.sqrt(batch / (batch - 1))
    z = normalise(y, SAMPLES)
    sd = y.std(dim=2, keepdim=True, correction=0)
    below = before_normalisation(q * (z > 0), Layer(y, z, sd), kind)
    growth = 2 * below.square().mean(dim=2).double().numpy().ravel()
    expected = {"batch norm": batch_norm_growth, "sample init": sample_init_growth}[kind](batch)
    assert abs(growth.mean() - expected) < Z * stats.sem(growth)
    other = {"batch norm": sample_init_growth, "sample init": batch_norm_growth}[kind](batch)
    assert abs(growth.mean() - other) > Z * stats.sem(growth)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_wide_nets_grow_and_lose_their_mean_as_derived(kind):
    """N = 500, T = 16, L = 12, 40 nets.

    Log-growth per layer in layers 1 … 9, slack (3 + ½ l)/N: −5/(2N) from the logarithm, and the
    first-order change of v² (½ l/N, l ≤ 9). Correlation by layer of an output gradient that is the same
    for all inputs: 5 (L − l)/N allowed for.
    """
    found = simulate(kind, 500, 12, 16, 40, stream("wide", kind))
    m2, v2 = found["own"]
    logs = (m2 + v2).log().numpy()
    growth = (logs[:, 1] - logs[:, 9]) / 8
    expected = {
        "plain": 0.0,
        "sample init": math.log(sample_init_growth(16)),
        "batch norm": math.log(batch_norm_growth(16)),
    }
    allowed = reach(growth, ALPHA) + (3 + 4.5) / 500
    assert abs(growth.mean() - expected[kind]) < allowed < 0.035
    if kind != "plain":
        assert abs(growth.mean() - math.log(math.pi / (math.pi - 1))) > allowed

    m2, v2 = found["shared"]
    shares = (m2 / (m2 + v2)).numpy()
    correlations = gradient_correlation(
        correlation_by_layer(11) if kind == "plain" else np.full(12, -1 / 15)
    )
    if kind == "batch norm":
        # Centred in the layer above, of correlation −1/(T − 1).
        correlations[:-1] = -both_on_map(-1 / 15) / 15
    for layer, correlation in enumerate(correlations):
        allowed = reach(shares[:, layer], ALPHA) + abs(correlation) * 5 * (12 - layer) / 500
        assert abs(shares[:, layer].mean() - correlation) < allowed < 0.1


def test_gradient_correlations_fall_like_the_cube_of_the_layer_in_deep_nets():
    """ρ_l (L/l)³ changes little over a decade of layers far from both ends."""
    found = gradient_correlation(correlation_by_layer(19_999))
    slope = math.log(found[4000] / found[400]) / math.log(10)
    assert slope == pytest.approx(3, abs=0.05)
