"""Squared length in depth: exact moments, exact law, and networks that die.

Theory (`deepinit.dense.length_moments`) against simulation with every weight drawn
(`explicit`) and without (`reduced`). Depths and widths keep β = Σ 1/n small where means are
tested: then M_d is not heavy-tailed and the central limit theorem holds at the stated n. Seeds
are fixed; statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from rounding import sum_rounding
from scipy import stats
from streams import levels, streams, z_score

from deepinit.dense.empirical_variance import log_lengths
from deepinit.dense.length_moments import (
    dead_probability,
    log_factor_mean_orthogonal,
    log_factor_moments,
    mean_length,
)
from deepinit.dense.squared_length import (
    explicit_preactivations,
    log_length,
    reduced_preactivations,
)
from deepinit.initialisers import WEIGHT_LAWS

# 93 of mean lengths.
ALPHA, Z = levels(120)
stream = streams(73, "test_length_moments")


def lengths(
    law: str,
    widths: list[int],
    networks: int,
    *address: object,
    reduced: bool = False,
    n_0: int = 0,
) -> np.ndarray:
    """Return log M_j, shape (networks, layers); the input has dimension n_0 or that of layer 1."""
    source = stream(law, *widths, reduced, *address)
    sampler = reduced_preactivations if reduced else explicit_preactivations
    draw = sampler(WEIGHT_LAWS[law], source)
    return log_length(widths, n_0 or widths[0], networks, source, draw).numpy()


@pytest.mark.parametrize("reduced", [False, True])
@pytest.mark.parametrize("widths", [[30, 30, 30], [20, 60, 30]], ids=str)
@pytest.mark.parametrize("law", WEIGHT_LAWS)
def test_the_mean_length_is_exact_at_any_width_for_every_law(law, widths, reduced):
    """Of 10⁴ networks, Σ 5/n ≤ ½. The standard error is at most the Gaussian one.

    Its second moment Π(1 + 5/n) bounds that of every law whose kurtosis is at most 3.
    """
    weights, n_0 = WEIGHT_LAWS[law], 30
    square = len(set(widths)) == 1
    if reduced and not (weights.is_gaussian or (law == "orthogonal" and square)):
        with pytest.raises(ValueError, match="reduced sampler"):
            lengths(law, widths, 2, reduced=True, n_0=n_0)
        return
    logs = lengths(law, widths, 10_000, reduced=reduced, n_0=n_0)
    expected, spread = 1.0, 1.0
    for layer, (fan_in, fan_out) in enumerate(pairwise([n_0, *widths])):
        expected *= weights.variance(fan_out, fan_in) * fan_in / 2
        spread *= 1 + 5 / fan_out
        error = math.sqrt((spread - 1) / len(logs))
        assert abs(np.exp(logs[:, layer]).mean() / expected - 1) < Z * error
        if square:
            assert mean_length(weights.length_gain, layer + 1) == pytest.approx(expected)


@pytest.mark.parametrize("widths", [[3] * 6, [20] * 6, [5, 20, 8, 12]], ids=str)
def test_explicit_and_reduced_lengths_follow_the_exact_law(widths):
    """Two-sample Kolmogorov–Smirnov, n = 10⁴ each; at width 3 half the networks die; input of dimension 7."""
    exact = log_lengths(widths, 10_000, stream("exact", widths))
    for reduced in (False, True):
        drawn = lengths("he_normal", widths, 10_000, "law", reduced=reduced, n_0=7)
        for layer in (0, len(widths) - 1):
            assert stats.ks_2samp(drawn[:, layer], exact[:, layer]).pvalue > ALPHA


def test_reduced_orthogonal_lengths_follow_the_explicit_law():
    """Two-sample Kolmogorov–Smirnov, n = 5000 each, width 6, depth 5."""
    explicit, reduced = (
        lengths("orthogonal", [6] * 5, 5000, "law", reduced=reduced)[:, -1]
        for reduced in (False, True)
    )
    assert stats.ks_2samp(explicit, reduced).pvalue > ALPHA


@pytest.mark.rounding
@pytest.mark.parametrize("reduced", [False, True])
def test_square_orthogonal_weights_double_every_squared_length(reduced):
    """Without chance, to float32 rounding: d² u of Householder's Q (Higham 2002, theorem 19.4), d u of a sum.

    The square doubles both.
    """
    source = stream("doubles", reduced)
    sampler = reduced_preactivations if reduced else explicit_preactivations
    activation = source.normal(50, 9)
    outputs = sampler(WEIGHT_LAWS["orthogonal"], source)(activation, 9)
    ratio = outputs.double().square().sum(dim=1) / activation.double().square().sum(dim=1)
    assert (ratio / 2 - 1).abs().max() < 2 * (sum_rounding(9**2) + sum_rounding(9))


def test_typical_length_shrinks_at_five_halves_and_spreads_at_five_over_width():
    """The order of the next term: n·mean + 5/2 and n·variance − 5 fall as 1/n."""
    gaps = []
    for width in (100, 200, 400):
        mean, variance = log_factor_moments(width)
        gaps.append((width * mean + 2.5, width * variance - 5))
    halved = np.array(gaps[:-1]) / np.array(gaps[1:])
    assert np.all((halved > 1.9) & (halved < 2.1))


@pytest.mark.parametrize("law", ["he_normal", "he_uniform", "pytorch_default"])
@pytest.mark.parametrize("widths", [[3] * 5, [5] * 8, [4, 3, 5, 3]], ids=str)
def test_networks_die_with_the_exact_probability_and_only_then_have_no_length(law, widths):
    """Binomial test, n = 20,000; a network is dead where no pre-activation is positive."""
    source = stream("dead", law, *widths)
    explicit = explicit_preactivations(WEIGHT_LAWS[law], source)
    alive = []

    def watched(activation: torch.Tensor, fan_out: int) -> torch.Tensor:
        outputs = explicit(activation, fan_out)
        alive.append((outputs > 0).any(dim=1).numpy())
        return outputs

    logs = log_length(widths, 4, 20_000, source, watched).numpy()
    for layer in range(len(widths)):
        living = np.logical_and.reduce(alive[: layer + 1])
        assert np.array_equal(np.isfinite(logs[:, layer]), living)
        assert np.all(logs[~living, layer] == -np.inf)
    dead = int(np.sum(~living))
    assert stats.binomtest(dead, 20_000, dead_probability(widths)).pvalue > ALPHA


def test_dead_probability_of_wide_networks_keeps_its_digits():
    assert dead_probability([60] * 10) == pytest.approx(10 * 2.0**-60, rel=1e-12)
    assert dead_probability([1, 2]) == pytest.approx(1 - 0.5 * 0.75)


@pytest.mark.parametrize("factor", [4.0, 0.25])
def test_exploding_and_vanishing_networks_are_scaled_copies_with_finite_logarithms(factor):
    """Variance 4 or ¼ times He's: from the same numbers M_300 is 4^±300 times He's.

    A power of two passes through float32 without rounding, so that the logarithms differ by
    300 log κ to float64 rounding; 4³⁰⁰ is beyond float32 by far.
    """
    found = []
    he = WEIGHT_LAWS["he_normal"]
    for law in (replace(he, gain=factor * he.gain), he):
        source = stream("scaled")
        draw = explicit_preactivations(law, source)
        found.append(log_length([20] * 300, 20, 20, source, draw).numpy()[:, -1])
    assert np.isfinite(found).all()
    assert found[0] - found[1] == pytest.approx(np.full(20, 300 * math.log(factor)), abs=1e-9)


@pytest.mark.parametrize("width", [3, 10, 50])
def test_the_orthogonal_mean_of_log_is_that_of_one_drawn_layer(width):
    """z-test, n = 40,000 layers, alive ones."""
    source = stream("orthogonal mean of log", width)
    draw = reduced_preactivations(WEIGHT_LAWS["orthogonal"], source)
    logs = log_length([width], width, 40_000, source, draw)[:, 0].numpy()
    logs = logs[np.isfinite(logs)]
    assert abs(z_score(logs, log_factor_mean_orthogonal(width))) < Z


@pytest.mark.slow
def test_uniform_weights_shift_the_mean_of_log_by_their_kurtosis():
    """−6 (κ4 − 3)/n at depth = width = n = 40: z-tests with and without it, 4,000 networks."""
    n, law = 40, WEIGHT_LAWS["he_uniform"]
    source = stream("kurtosis shift")
    logs = log_length([n] * n, n, 4000, source, explicit_preactivations(law, source))[:, -1]
    logs = logs.numpy()[np.isfinite(logs.numpy())]
    gaussian = n * log_factor_moments(n)[0]
    assert abs(z_score(logs, gaussian - 6 * (law.kurtosis - 3) / n)) < Z
    assert z_score(logs, gaussian) > stats.norm.isf(0.01)
