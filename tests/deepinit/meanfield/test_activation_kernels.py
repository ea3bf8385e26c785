"""Correlation maps of other activations: quadrature, closed forms, rates, and wide networks.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
import torch
from streams import levels, reach, streams

from deepinit.meanfield.activation_kernels import (
    RELU_MEAN,
    SMOOTH,
    centred_relu_map,
    fixed_point,
    leaky_relu_map,
)
from deepinit.meanfield.activations import ACTIVATIONS, activation_step
from deepinit.meanfield.any_activation import activation_gain, correlation_map, correlations
from deepinit.meanfield.arc_cosine import arc_cosine_map, both_on_map, iterate
from deepinit.meanfield.sample_variance import sample_statistics
from deepinit.meanfield.total_variance import pair_growth

ALPHA, Z = levels(60)
stream = streams(81, "test_activation_kernels")


def test_leaky_relu_approaches_its_own_inverse_square_law():
    """l²(1 − c_l) at l = 5000, where corrections of order log(l)/l are below 2 %.

    A decay by k in place of k² would be off by 1/k, 22 % and more.
    """
    slopes = np.array([0.0, 0.1, 0.3, 0.5])
    correlation = np.zeros(4)
    for _ in range(5000):
        correlation = leaky_relu_map(correlation, slopes)
    k = (1 - slopes) ** 2 / (1 + slopes**2)
    assert 5000**2 * (1 - correlation) == pytest.approx(4.5 * np.pi**2 / k**2, rel=0.03)


@pytest.mark.parametrize("name", ["tanh", "erf"])
def test_odd_activations_keep_white_noise_and_forget_correlation(name):
    """C(c) < c inside (0, 1); late layers lose the factor C′(0)."""
    layer_map = correlation_map(SMOOTH[name])
    assert layer_map(0.0) == pytest.approx(0, abs=1e-12)
    inside = np.linspace(0.05, 0.95, 19)
    assert all(layer_map(c) < c for c in inside)
    late = iterate(layer_map, 60, 0.5)[-2:]
    assert late[1] / late[0] == pytest.approx(1e4 * layer_map(1e-4), rel=1e-4)


@pytest.mark.parametrize(
    ("function", "closed"),
    [
        (lambda z: np.maximum(z, 0), arc_cosine_map),
        (lambda z: np.where(z > 0, z, 0.3 * z), lambda c: leaky_relu_map(c, 0.3)),
        (lambda z: np.where(z > 0, z, -0.5 * z), lambda c: leaky_relu_map(c, -0.5)),
        (lambda z: np.maximum(z, 0) - RELU_MEAN, centred_relu_map),
        (np.abs, lambda c: 2 / np.pi * (np.sqrt(1 - c**2) + c * np.arcsin(c))),
        (np.sign, lambda c: 2 / np.pi * np.arcsin(c)),
        (SMOOTH["erf"], lambda c: np.arcsin(2 * c / 3) / np.arcsin(2 / 3)),
        (lambda z: 1.0 * (z > 0), both_on_map),
        (lambda z: np.maximum(z, 0) ** 2, lambda c: (1 + pair_growth(c)) / 6),
    ],
    ids=[
        "relu", "leaky relu", "falling leaky relu", "centred relu", "absolute value", "sign", "erf",
        "step", "squared relu",
    ],
)  # fmt: skip
def test_the_map_of_any_activation_is_that_in_closed_form(function, closed):
    """To 1e-10, kinks and steps at zero included; erf: Williams (1997)."""
    found = np.vectorize(correlation_map(function))
    grid = np.array([-0.9, -0.3, 0.0, 0.2, 0.5, 0.9, 0.99, 1 - 1e-6])
    assert found(grid) == pytest.approx(closed(grid), abs=1e-10)
    assert correlations(function, 3, 0.5)[1:] == pytest.approx(
        iterate(closed, 3, 0.5)[1:], abs=1e-9
    )


@pytest.mark.slow
def test_gelu_settles_at_a_correlation_below_one():
    layer_map = correlation_map(SMOOTH["gelu"])
    settled = fixed_point(layer_map)
    assert layer_map(settled) == pytest.approx(settled, abs=1e-10)
    assert settled == pytest.approx(0.7604, abs=5e-5)
    for start in (0.0, 0.95):
        assert iterate(layer_map, 300, start)[-1] == pytest.approx(settled, abs=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_tensors_and_arrays_see_the_same_activation(name):
    function = {
        "leaky_relu": lambda z: np.where(z > 0, z, 0.3 * z),
        "centred_relu": lambda z: np.maximum(z, 0) - RELU_MEAN,
        **SMOOTH,
    }[name]
    numbers = np.linspace(-4, 4, 801)
    step, gain = activation_step(name, 0.3)
    assert step(torch.tensor(numbers)).numpy() == pytest.approx(function(numbers), abs=1e-12)
    assert gain == pytest.approx(activation_gain(function))


@pytest.mark.parametrize(
    ("name", "slope", "start"),
    [("leaky_relu", 0.3, 0.0), ("tanh", 0.0, 0.5), ("erf", 0.0, 0.5), ("gelu", 0.0, 0.0)],
)
def test_wide_networks_follow_the_map(name, slope, start):
    """Layer 3, N = 600, 60 networks of 40 inputs; corrections of order l/N allowed for: 5 l/N."""
    step, gain = activation_step(name, slope)
    m2, v2 = sample_statistics(
        600, 4, 40, 60, stream("wide", name), step=step, gain=gain, input_correlation=start
    )
    layer_map = (
        (lambda c: leaky_relu_map(c, slope))
        if name == "leaky_relu"
        else correlation_map(SMOOTH[name])
    )
    share = (m2 / (m2 + v2)).numpy()
    for layer, expected in enumerate(iterate(layer_map, 3, start)):
        allowed = reach(share[:, layer], ALPHA) + expected * 5 * layer / 600
        assert abs(share[:, layer].mean() - expected) < allowed < 0.05
    assert abs((m2 + v2)[:, 0].log().mean()) < Z * math.sqrt(2 / 600 / 60) + 2 / 600
