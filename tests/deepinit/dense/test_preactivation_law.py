"""Law of pre-activations over networks, inputs and units, by both samplers.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import numpy as np
import pytest
import torch
from scipy import stats
from streams import levels, streams

from deepinit.dense.preactivation_law import preactivation_cdf
from deepinit.dense.preactivations import many_inputs, one_input

ALPHA, Z = levels(20)
LAYERS = (1, 2, 12)
stream = streams(85, "test_preactivation_law")


@pytest.mark.parametrize("layer", LAYERS)
def test_one_unit_over_networks_follows_the_scale_mixture(layer):
    """Kolmogorov–Smirnov, N = 20, 5000 networks, M_0 = 1.7; a unit normal law is refused."""
    variance = torch.full((5000,), 1.7)
    y = one_input(20, [layer], variance, stream("mixture", layer))[layer][:, 3].double().numpy()
    law = lambda x: preactivation_cdf(x / 1.7**0.5, 20, layer)  # noqa: E731
    assert stats.kstest(y, law).pvalue > ALPHA
    assert stats.kstest(y, stats.norm.cdf).pvalue < ALPHA
    if layer > 2:
        assert stats.kstest(y / y.std(), stats.norm.cdf).pvalue < ALPHA


@pytest.mark.parametrize(("width", "layer"), [(1, 3), (3, 10)])
def test_dead_layers_are_an_atom_at_zero(width, layer):
    """Binomial, 100,000 networks: P(y < 0) and P(y ≤ 0)."""
    y = one_input(width, [layer], torch.ones(100_000), stream("atom", width))[layer][:, 0]
    for below, hits in ((-1e-30, (y < 0).sum()), (0.0, (y <= 0).sum())):
        expected = float(preactivation_cdf(below, width, layer))
        assert stats.binomtest(int(hits), len(y), expected).pvalue > ALPHA


def test_the_mixture_has_the_stated_variance_and_kurtosis():
    """By integrating the distribution function, N = 40, layer 9."""
    x = np.linspace(-40, 40, 400_001)
    cdf = preactivation_cdf(x[::50], 40, 9)
    law = np.interp(x, x[::50], cdf)
    spacing = x[1] - x[0]
    tail = np.where(x > 0, 1 - law, 0)
    second = 4 * (x * tail).sum() * spacing
    fourth = 8 * (x**3 * tail).sum() * spacing
    assert second == pytest.approx(1, rel=1e-3)
    assert fourth / second**2 == pytest.approx(3 * (1 + 5 / 40) ** 8, rel=5e-3)


def test_two_wide_layers_are_almost_normal():
    """N = 2000: the kurtosis exceeds that of a normal law by 15/N."""
    x = np.linspace(-4, 4, 41)
    assert preactivation_cdf(x, 2000, 2) == pytest.approx(stats.norm.cdf(x), abs=1 / 2000)


@pytest.mark.parametrize(("width", "layer"), [(0, 1), (0, 2), (20, 0)])
def test_a_width_or_a_layer_of_zero_is_refused(width, layer):
    with pytest.raises(ValueError, match="from 1"):
        preactivation_cdf(0.5, width, layer)


def test_both_samplers_have_the_same_law():
    """Two-sample Kolmogorov–Smirnov of one unit and of a layer's mean square, N = 12, 3000 nets each."""
    found = []
    source = stream("drawn")
    inputs = torch.full((12, 1), 0.5**0.5)
    drawn = [many_inputs(12, LAYERS, inputs, source) for _ in range(3000)]
    reduced = one_input(12, LAYERS, torch.ones(3000), stream("reduced"))
    for layer in LAYERS:
        explicit = torch.stack([net[layer][:, 0] for net in drawn]).double()
        exact = reduced[layer].double()
        found += [(explicit[:, 0], exact[:, 0])]
        found += [(explicit.square().mean(1), exact.square().mean(1))]
    for first, second in found:
        assert stats.ks_2samp(first.numpy(), second.numpy()).pvalue > ALPHA


def test_layers_keep_their_values_when_later_ones_are_computed():
    """The rectifier works in place; what is returned must be from before it."""
    found = many_inputs(30, (1, 2), stream("inputs").normal(30, 7), stream("place"))
    assert found[1].shape == (30, 7) and (found[1] < 0).any() and (found[2] < 0).any()
