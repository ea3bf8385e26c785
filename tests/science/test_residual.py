"""Residual networks at initialisation: exact moments, exact law, gradients, limits.

With Gaussian iid weights one layer multiplies ‖h‖² by an independent factor (r ~ χ²_K/d with
K ~ Binomial(d, ½) is the share that ReLU lets pass, the vector V u has d normal entries)

    F = (1 + α √(r/d) g)² + α² r χ²_{d−1}/d,   E F = 1 + α²/2,
    E F² = 1 + α² + 2α²/d + α⁴ (1 + 2/d)(1 + 5/d)/4.

Gradients have the same law: p_{k+1} is independent of h_{k+1}, because the signs of V make
Wᵀ(1[Wh > 0] ∘ Vᵀp) normal whatever h. Uniform weights have the same mean; their second moment
is at most this one (their kurtosis is below 3). Seeds are fixed; statistical tests share a
false-alarm rate of 1e-4 (Bonferroni).
"""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from deepinit.random_stream import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.simulate.residual import (
    LogRatios,
    backpropagate,
    first_layer,
    fractional_weights,
    independent_weights,
    propagate,
)
from deepinit.simulate.residual_reduced import _conditioned, independent_gaussian_weights
from deepinit.theory.residual import (
    critical_beta,
    log_normal_limit,
    mean_squared_change_bounds,
    mean_squared_growth,
    probability_bounds,
    scaling_factor,
)

FALSE_ALARM = 1e-4
CHECKS = 210
ALPHA = FALSE_ALARM / CHECKS
Z = stats.norm.isf(ALPHA / 2)
SAMPLERS = ["uniform", "gaussian", "reduced"]


def stream(*address: object) -> RandomStream:
    """Return the stream of a test."""
    return RandomStream(seed_sequence(74, "test_residual", *address))


def ratios(
    sampler: str, depth: int, width: int, beta: float, networks: int, **options: object
) -> LogRatios:
    """Return the log-ratios of one sampler, gradients included unless told otherwise."""
    options = {"gradients": True, **options}
    source = stream(sampler, depth, width, beta, options)
    if sampler == "reduced":
        return independent_gaussian_weights(depth, width, beta, networks, source, **options)
    options = {"law": sampler, "inputs": "uniform", **options}
    return independent_weights(depth, width, beta, networks, source, **options)


def exact_log_norm(depth: int, width: int, beta: float, count: int) -> np.ndarray:
    """Return draws of log ‖h_L‖/‖h_0‖ from the law of F above, in float64."""
    generator = stream("exact", depth, width, beta).numpy
    alpha = scaling_factor(depth, beta)
    total = np.zeros(count)
    for _ in range(depth):
        passed = 2 * generator.standard_gamma(generator.binomial(width, 0.5, count) / 2) / width
        along = 1 + alpha * np.sqrt(passed / width) * generator.standard_normal(count)
        across = 2 * generator.standard_gamma((width - 1) / 2, count) / width
        total += 0.5 * np.log(along**2 + alpha**2 * passed * across)
    return total


def gaussian_second_moment(depth: int, width: int, beta: float) -> float:
    """Return E‖h_L‖⁴/‖h_0‖⁴ for Gaussian weights."""
    a = scaling_factor(depth, beta) ** 2
    return (1 + a + 2 * a / width + a**2 / 4 * (1 + 2 / width) * (1 + 5 / width)) ** depth


def numpy(values: torch.Tensor) -> np.ndarray:
    """Return a flat array."""
    return values.numpy().ravel()


# ---- moments


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("width", "depth", "beta", "networks"),
    [(10, 1, 0.5, 4000), (10, 20, 0.5, 4000), (10, 60, 0.75, 3000), (40, 20, 0.5, 1000)],
)
def test_the_mean_squared_growth_is_exact_at_any_width(sampler, width, depth, beta, networks):
    """Forward and backward, and the change attains the lower of the paper's two bounds."""
    found = ratios(sampler, depth, width, beta, networks)
    expected = math.exp(mean_squared_growth(depth, beta))
    error = math.sqrt((gaussian_second_moment(depth, width, beta) - expected**2) / networks)
    lower, upper = mean_squared_change_bounds(depth, beta)
    assert lower == pytest.approx(expected - 1, rel=1e-12)
    for norm, change in (
        (found.output_norm, found.output_change),
        (found.gradient_norm, found.gradient_change),
    ):
        assert norm.shape == change.shape == (networks, 1) and norm.dtype == torch.float64
        assert abs(np.exp(2 * numpy(norm)).mean() - expected) < Z * error
        squares = np.exp(2 * numpy(change))
        assert abs(squares.mean() - lower) < Z * stats.sem(squares)
        assert squares.mean() + Z * stats.sem(squares) < upper


@pytest.mark.parametrize("law", ["uniform", "gaussian"])
@pytest.mark.parametrize(("inputs", "square"), [("uniform", 1 / 3), ("gaussian", 1.0)])
def test_the_first_layer_has_variance_one_over_fan_in(law, inputs, square):
    """E‖A x‖²/d = E x²; n = 4000 independent draws."""
    h = first_layer(stream("first", law, inputs), 4000, 1, 7, law, inputs)
    values = h.double().square().mean(dim=2).numpy().ravel()
    assert abs(values.mean() - square) < Z * stats.sem(values)


def test_unknown_laws_and_inputs_are_refused():
    with pytest.raises(ValueError, match="'uniform' or 'gaussian', not 'cauchy'"):
        first_layer(stream(), 1, 1, 3, "cauchy", "uniform")
    with pytest.raises(ValueError, match="'uniform' or 'gaussian', not 'images'"):
        first_layer(stream(), 1, 1, 3, "uniform", "images")


# ---- propagation against its literal twin


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


# ---- law


@pytest.mark.parametrize("sampler", ["gaussian", "reduced"])
@pytest.mark.parametrize(
    ("width", "depth", "beta", "networks"),
    [
        (2, 1, 0.5, 4000),
        (2, 12, 0.5, 4000),
        (3, 20, 0.25, 4000),
        (10, 30, 0.5, 4000),
        (10, 400, 0.1, 500),
    ],
)
def test_outputs_and_gradients_follow_the_exact_law(sampler, width, depth, beta, networks):
    """Kolmogorov–Smirnov against 10,000 draws of the product law in float64.

    Dead layers are common at width 2 and 3; β = .1 at 400 layers explodes.
    """
    found = ratios(sampler, depth, width, beta, networks)
    exact = exact_log_norm(depth, width, beta, 10_000)
    for values in (found.output_norm, found.gradient_norm):
        assert torch.isfinite(values).all()
        assert stats.ks_2samp(numpy(values), exact).pvalue > ALPHA


@pytest.mark.parametrize(
    ("width", "depth", "beta"),
    [(2, 1, 0.5), (2, 6, 0.5), (3, 20, 0.25), (10, 30, 0.5), (10, 8, 0.0)],
)
def test_the_reduced_sampler_has_the_joint_law_of_explicit_weights(width, depth, beta):
    """Two-sample Kolmogorov–Smirnov, n = 5000 each, on functions of all four ratios."""
    samples = []
    for sampler in ("gaussian", "reduced"):
        found = ratios(sampler, depth, width, beta, 5000)
        h, p = numpy(found.output_norm), numpy(found.gradient_norm)
        moved = np.exp(numpy(found.output_change)), np.exp(numpy(found.gradient_change))
        pairs = h + p, h - p, np.maximum(h, p), np.minimum(h, p)
        samples.append((*pairs, *moved, moved[0] * moved[1]))
    for explicit, reduced in zip(*samples, strict=True):
        assert stats.ks_2samp(explicit, reduced).pvalue > ALPHA


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_dead_layer_passes_neither_outputs_nor_gradients(sampler):
    """One layer of width 2 is dead with probability ¼; binomial test, n = 4000."""
    found = ratios(sampler, 1, 2, 0.5, 4000)
    dead = numpy(found.output_change) == -np.inf
    assert np.array_equal(dead, numpy(found.gradient_change) == -np.inf)
    assert np.all(numpy(found.output_norm)[dead] == 0) and np.all(
        numpy(found.gradient_norm)[dead] == 0
    )
    assert stats.binomtest(int(dead.sum()), 4000, 0.25).pvalue > ALPHA


def test_a_conditioned_matrix_remembers_what_it_has_shown_and_is_fresh_elsewhere():
    """(Mᵀp)·x = p·(Mx) exactly; across x the entries are N(0, ‖p‖²/d); n = 5000, d = 7.

    Across means: in a fixed orthonormal frame whose first axis is x.
    """
    source = stream("conditioned")
    known = torch.tensor([2.0, 0, 0, 0, 0, 0, 0]).expand(5000, 7)
    output, vector = source.normal(5000, 7), source.normal(5000, 7)
    result = _conditioned(known, output, vector, source)
    shown = (output * vector).sum(dim=1)
    assert torch.allclose((result * known).sum(dim=1), shown, atol=1e-5)
    fresh = (result[:, 1:] / vector.norm(dim=1, keepdim=True) * 7**0.5).double().numpy()
    assert stats.kstest(fresh.ravel(), stats.norm.cdf).pvalue > ALPHA
    assert abs(np.corrcoef(fresh[:, 0], fresh[:, 1])[0, 1]) * math.sqrt(5000) < Z


@pytest.mark.parametrize("gradients", [False, True])
def test_the_size_of_the_batch_changes_neither_the_number_of_networks_nor_their_law(gradients):
    """Two-sample Kolmogorov–Smirnov, n = 2000 each; the last batch is not full."""
    whole, cut = (
        ratios("uniform", 6, 5, 0.5, 2000, gradients=gradients, batch=batch) for batch in (None, 17)
    )
    assert (whole.gradient_norm is None) == (not gradients)
    for name in ("output_norm", "output_change", *(["gradient_norm"] if gradients else [])):
        first, second = numpy(getattr(whole, name)), numpy(getattr(cut, name))
        assert len(second) == len(np.unique(second)) == 2000
        assert stats.ks_2samp(first, second).pvalue > ALPHA


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_outputs_do_not_depend_on_whether_gradients_are_computed(sampler):
    """Same law, n = 2000 each (the streams differ)."""
    with_gradients, without = (
        numpy(ratios(sampler, 10, 6, 0.5, 2000, gradients=flag).output_norm)
        for flag in (True, False)
    )
    assert stats.ks_2samp(with_gradients, without).pvalue > ALPHA


# ---- the log-normal limit


def first_order(width: int) -> float:
    """Return c, where E log ‖h_L‖/‖h_0‖ = 1/4 − 1/(2d) + c/L + O(1/L²) at β = ½.

    From E log(1 + X) = E X − E X²/2 + E X³/3 − E X⁴/4 with F = 1 + X, terms of order α⁴:
    E r² (1 + 2/d) · (−½), + 4 E r² (1 + 2/d)/d, − 12 E r²/d², E r² = (1 + 5/d)/4; half of it.
    """
    d = width
    return 0.5 * (1 + 5 / d) / 4 * (-(1 + 2 / d) / 2 + 4 * (1 + 2 / d) / d - 12 / d**2)


@pytest.mark.parametrize("width", [3, 10, pytest.param(100, marks=pytest.mark.slow)])
def test_the_logarithm_is_normal_with_the_stated_mean_and_variance_at_any_width(width):
    """L = 1000, n = 2000: mean, variance and Kolmogorov–Smirnov; the limit is exact in d.

    The deviation at finite L is of order 1/L: c/L for the mean, a relative O(1/L) for variance.
    """
    logs = numpy(ratios("reduced", 1000, width, 0.5, 2000, gradients=False).output_norm)
    limit = log_normal_limit(width)
    centred = logs - (limit.mean + first_order(width) / 1000)
    assert abs(centred.mean()) < Z * limit.deviation / math.sqrt(len(logs))
    relative = (centred / limit.deviation) ** 2
    assert abs(relative.mean() - 1) < Z * math.sqrt(2 / len(logs)) + 1 / 1000
    assert stats.kstest(centred / limit.deviation, stats.norm.cdf).pvalue > ALPHA


def test_the_limit_is_approached_at_first_order_in_one_over_depth():
    """L = 20, d = 40, n = 80,000: the limit is off by c/L = −.003, seven standard errors."""
    logs = numpy(ratios("reduced", 20, 40, 0.5, 80_000, gradients=False).output_norm)
    bias, error = logs.mean() - log_normal_limit(40).mean, stats.sem(logs)
    assert abs(bias) > Z * error
    assert abs(bias - first_order(40) / 20) < Z * error


def test_quantiles_of_the_limit_are_those_of_a_log_normal_law():
    limit = log_normal_limit(100)
    reference = stats.lognorm(s=math.sqrt(1 / 200), scale=math.exp(0.25 - 1 / 200))
    for probability in (0.01, 0.25, 0.5, 0.75, 0.99):
        assert limit.quantile(probability) == pytest.approx(reference.ppf(probability), rel=1e-12)


def test_the_bounds_of_the_histogram_have_the_published_digits():
    assert probability_bounds(100, 0.5) == pytest.approx((0.87, 2.06), abs=0.005)


# ---- regimes, and fractional weights


@pytest.mark.parametrize(
    ("beta", "behaviour"), [(1.0, "identity"), (0.5, "bounded"), (0.25, "explosion")]
)
def test_the_change_vanishes_stays_or_explodes_by_the_exponent(beta, behaviour):
    """Median log-change at L = 20 and 500, d = 10, n = 500: (L/20)^{½ − β} or faster."""
    logs = [
        numpy(ratios("reduced", depth, 10, beta, 500, gradients=False).output_change)
        for depth in (20, 500)
    ]
    rise = (np.median(logs[1]) - np.median(logs[0])) / math.log(25)
    # The median of n normal numbers of deviation s has a standard error of √(π/2) s/√n.
    error = Z * math.sqrt(math.pi / 2) * math.hypot(*map(stats.sem, logs)) / math.log(25)
    assert {
        "identity": abs(rise + 0.5) < error,
        "bounded": abs(rise) < error,
        "explosion": rise > 0.25 + error,
    }[behaviour]


def test_white_fractional_weights_are_independent_gaussian_ones():
    """H = ½: exact mean forward and backward for every β of a draw; 3000 draws, one input each."""
    betas, depth, width, draws = [0.5, 1.0, 0.75], 12, 5, 3000
    found = fractional_weights(
        depth, width, 0.5, betas, draws, 1, stream("white"), inputs="uniform"
    )
    for values in (found.output_norm, found.gradient_norm):
        assert values.shape == (draws, 3, 1)
        for k, beta in enumerate(betas):
            expected = math.exp(mean_squared_growth(depth, beta))
            variance = gaussian_second_moment(depth, width, beta) - expected**2
            mean = np.exp(2 * values[:, k, 0].numpy()).mean()
            assert abs(mean - expected) < Z * math.sqrt(variance / draws)


def test_inputs_of_one_draw_share_its_weights_and_draws_do_not():
    """One layer, α = 1, d = 8: the size of the weights is common to a draw's inputs.

    Correlation over 500 draws of log-changes: of two inputs clearly positive (inputs in [0, 1)
    are nearly parallel), of neighbouring draws zero.
    """
    found = fractional_weights(1, 8, 0.7, [0.0], 500, 2, stream("shared"), inputs="uniform")
    change = found.output_norm[:, 0].numpy()
    assert np.corrcoef(change[:, 0], change[:, 1])[0, 1] * math.sqrt(500) > Z
    assert abs(np.corrcoef(change[:-1, 0], change[1:, 1])[0, 1]) * math.sqrt(499) < Z


@pytest.mark.parametrize("hurst", [0.2, 0.5, 0.8])
def test_the_critical_exponent_divides_growth_from_decay(hurst):
    """Log-change from L = 25 to 600, d = 8, 150 draws: falls ¼ above the exponent, rises ¼ below."""
    critical = critical_beta(hurst)
    assert critical == max(0.5, hurst)
    betas = [critical - 0.25, critical + 0.25]
    short, deep = (
        fractional_weights(
            depth, 8, hurst, betas, 150, 1, stream("critical", hurst, depth), inputs="gaussian"
        )
        for depth in (25, 600)
    )
    for name in ("output_change", "gradient_change"):
        first, second = getattr(short, name)[..., 0].numpy(), getattr(deep, name)[..., 0].numpy()
        rise = (second.mean(axis=0) - first.mean(axis=0)) / np.hypot(
            stats.sem(first), stats.sem(second)
        )
        assert rise[0] > Z and rise[1] < -Z
