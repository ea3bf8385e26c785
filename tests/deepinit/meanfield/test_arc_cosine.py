"""Sample variance decay: the infinitely wide theory, finite networks, and the gap between them.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
import torch
from rounding import sum_rounding
from scipy import stats
from streams import levels, streams, z_score

from deepinit.meanfield.arc_cosine import (
    arc_cosine_map,
    correlation_by_layer,
    mean_and_standard_deviation,
)
from deepinit.meanfield.sample_variance import (
    nested_sample_statistics,
    next_preactivations,
    sample_statistics,
)

ALPHA, Z = levels(30)
stream = streams(72, "test_arc_cosine")


def test_the_map_rises_and_leaves_only_full_correlation_fixed():
    c = np.linspace(-1, 1, 2001)
    assert np.all(np.diff(arc_cosine_map(c)) > 0)
    assert np.all(arc_cosine_map(c)[:-1] > c[:-1]) and arc_cosine_map(1.0) == 1


@pytest.mark.parametrize(
    ("layer", "correlation", "ratio"),
    [
        (1, 1 / math.pi, 0.683),
        (2, 0.49373, 0.988),
        (5, 0.73595, 1.67),
        (10, 0.87154, 2.605),
        (50, 0.98786, 9.021),
        (100, None, 16.69),
    ],
)
def test_correlation_and_ratio_have_the_published_digits(layer, correlation, ratio):
    c = correlation_by_layer(layer)[-1]
    m, v = mean_and_standard_deviation(c)
    if correlation is not None:
        assert c == pytest.approx(correlation, abs=0.5e-5)
    half_a_digit = 0.5 * 10.0 ** -len(str(ratio).split(".")[1])
    assert m / v == pytest.approx(ratio, abs=half_a_digit)
    assert m**2 + v**2 == pytest.approx(1, abs=1e-15)


def test_mean_and_deviation_have_the_published_digits():
    m, v = mean_and_standard_deviation(correlation_by_layer(50))
    found = [m[10], v[10], v[20], v[50]]
    assert found == pytest.approx([0.934, 0.358, 0.227, 0.110], abs=0.5e-3)


def test_the_decay_approaches_its_inverse_square_law_from_below_and_slowly():
    layers = np.arange(1, 10_001)
    scaled = layers**2 * (1 - correlation_by_layer(10_000)[1:])
    assert scaled[[49, 999]] == pytest.approx([30.35, 43.13], abs=0.005)
    assert np.all(np.diff(scaled) > 0)
    # The gap is C log(l)/l + D/l: over ten times the layers it falls to a tenth and a little more.
    gap = 4.5 * math.pi**2 - scaled[[99, 999, 9999]]
    fall = gap[1:] / gap[:-1]
    assert np.all(fall > 0.1) and np.all(fall < [0.1 * 3 / 2, 0.1 * 4 / 3])


def test_an_initial_correlation_is_a_shift_of_layers():
    c = correlation_by_layer(12)
    assert np.array_equal(correlation_by_layer(9, initial=c[3]), c[3:])


@pytest.mark.slow
def test_finite_width_lowers_the_correlation_by_an_amount_that_falls_as_one_over_width():
    """Order of convergence at layer 4: E c_N − c = −a N^s (1 + b/N …) with s = −1.

    c_N = m²/(m² + v²) per network has no heavy tail. 20,000 networks a width, four inputs each.
    Weighted least squares of log |bias| on log N and 1/N, the next order; the interval of s has
    to contain −1 and to be short enough to exclude −½ and −3/2.
    """
    widths, networks, layer = np.array([30, 60, 120, 240]), 20_000, 4
    logs, errors = [], []
    for width in widths.tolist():
        m2, v2 = sample_statistics(width, layer + 1, 4, networks, stream("order", width))
        share = (m2 / (m2 + v2))[:, layer].numpy()
        bias = share.mean() - correlation_by_layer(layer)[layer]
        assert bias < 0
        logs.append(math.log(-bias))
        errors.append(stats.sem(share) / -bias)
    design = np.column_stack([np.ones(4), np.log(widths), 1 / widths]) / np.array(errors)[:, None]
    covariance = np.linalg.inv(design.T @ design)
    _, order, _ = covariance @ design.T @ (np.array(logs) / errors)
    reach = Z * math.sqrt(covariance[1, 1])
    assert abs(order + 1) < reach < 0.5


@pytest.mark.parametrize("reduced", [False, True])
@pytest.mark.parametrize("width", [20, 60])
def test_the_total_variance_keeps_its_mean_at_any_width(width, reduced):
    """Of 8000 networks, with Σ 5/n = ¼: E(m² + v²)² ≤ e^¼ (1 + 2/T …), no heavy tail."""
    layers = 1 + width // 20
    m2, v2 = sample_statistics(
        width, layers, 6, 8000, stream("total", width, reduced), reduced=reduced
    )
    for layer in (0, layers - 1):
        assert abs(z_score((m2 + v2)[:, layer].numpy(), 1.0)) < Z


def test_the_reduced_sampler_has_the_law_of_explicit_weights():
    """Two-sample Kolmogorov–Smirnov, n = 5000 networks each, of m²/σ² and of σ²; layer 3."""
    found = []
    for reduced in (False, True):
        m2, v2 = sample_statistics(24, 4, 8, 5000, stream("law", reduced), reduced=reduced)
        found.append(((m2 / (m2 + v2))[:, 3].numpy(), (m2 + v2)[:, 3].numpy()))
    for explicit, drawn in zip(*found, strict=True):
        assert stats.ks_2samp(explicit, drawn).pvalue > ALPHA


def test_the_estimate_of_the_squared_mean_has_no_bias_from_few_samples():
    """T = 5 against T = 200 at layer 3, N = 30, 3000 networks each.

    The uncorrected estimate is off by v²/5, which the same test would find.
    """
    few, many = (
        sample_statistics(30, 4, samples, 3000, stream("samples", samples)) for samples in (5, 200)
    )
    (small, small_variance), (large, _) = (
        (m[:, 3].numpy(), v[:, 3].numpy()) for m, v in (few, many)
    )

    def gap(first: np.ndarray, second: np.ndarray) -> float:
        return (first.mean() - second.mean()) / math.hypot(stats.sem(first), stats.sem(second))

    assert abs(gap(small, large)) < Z
    assert gap(small + small_variance / 5, large) > Z
    # White-noise inputs have no mean: the estimate is zero on average in layer 0.
    assert abs(z_score(few.squared_mean[:, 0].numpy())) < Z


def test_what_the_inputs_add_to_the_ratio_goes_like_one_over_their_number_less_one():
    """m/v in layer 49, N = 30, 1000 networks: mean and variance at T = 20, 50 from those at 30, 100."""
    counts = [20, 30, 50, 100]
    found = nested_sample_statistics(30, 50, counts, 1000, stream("inputs"))
    ratios = [(one.squared_mean / one.variance)[:, 49].sqrt().numpy() for one in found]
    for moment in (np.mean, np.var):
        values = np.array([moment(ratio) for ratio in ratios])
        places = 1 / (np.array(counts) - 1)
        slope = (values[1] - values[3]) / (places[1] - places[3])
        line = values[3] + slope * (places - places[3])
        assert values[0] > 1.02 * values[3]
        assert line[[0, 2]] == pytest.approx(values[[0, 2]], rel=0.06)


def test_estimates_from_few_inputs_are_those_of_the_same_networks():
    few, every = nested_sample_statistics(20, 4, [3, 9], 5, stream("nested"))
    alone = sample_statistics(20, 4, 9, 5, stream("nested"))
    assert all(torch.equal(a, b) for a, b in zip(every, alone, strict=True))
    assert not torch.equal(few.variance, every.variance)


@pytest.mark.rounding
@pytest.mark.parametrize("units", [1, 0])
def test_the_reduced_sampler_copes_with_linearly_dependent_activations(units):
    """In narrow or deep networks few units are on: here `units` for all of four inputs."""
    x = torch.zeros(2000, 8, 4)
    x[:, :units] = torch.tensor([1.0, 2.0, 3.0, 0.0])
    y = next_preactivations(x, 0.5, stream("dependent"), reduced=True)
    # R is off by 8 · 4 u of the longest column, of length 3 (Higham 2002, theorem 19.4), on both sides of
    # the equation; normal numbers, of variance ½ here, are below 7 deviations.
    allowed = 2 * sum_rounding(8 * 4) * 3 * 7 * 0.5**0.5
    assert (y - y[..., :1] * torch.tensor([1.0, 2.0, 3.0, 0.0])).abs().max() < allowed
    # A mean of n squared normals: standard error √(2/n).
    variance = y[..., 0].double().square().mean().item()
    assert abs(variance - 0.5 * units) <= Z * 0.5 * units * math.sqrt(2 / 16_000)


def test_the_result_has_the_same_law_in_batches():
    """Two-sample Kolmogorov–Smirnov, n = 2000 networks each, last batch smaller."""
    shares = []
    for batch in (None, 7):
        m2, v2 = sample_statistics(24, 3, 4, 2000, stream("batch", batch), batch=batch)
        shares.append((m2 / (m2 + v2))[:, 2].numpy())
    assert len(shares[1]) == 2000
    assert stats.ks_2samp(*shares).pvalue > ALPHA
