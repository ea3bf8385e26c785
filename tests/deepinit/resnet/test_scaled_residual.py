"""Residual networks with scaled modules: exact means, bounds, populations, ReLU-ended growth.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-5 (Bonferroni). Means of lengths
are tested where the exact second moment (linear-ended) keeps them from being heavy-tailed.
"""

import math

import numpy as np
import pytest
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from streams import levels, reach, streams

from deepinit.resnet.scaled_modules import (
    explicit_modules,
    log_lengths,
    log_mean_by_population,
    reduced_modules,
)
from deepinit.resnet.scaled_modules_theory import (
    equal_scales,
    log_mean_growth_linear,
    log_second_moment_linear,
    log_upper_bound,
    log_upper_bound_relu,
    mean_root_share,
    module_scales,
)

ALPHA, Z = levels(60, 1e-5)
SAMPLERS = {"explicit": explicit_modules, "reduced": reduced_modules}
stream = streams(76, "test_scaled_residual")


def log_growth_infinite_width(scales: ArrayLike) -> NDArray[np.float64]:
    """Return log M_l/M_0 for ReLU-ended modules in the limit n, m → ∞, after each module.

    Derived here: M and A no longer fluctuate and start at 1 and 0,

        A' = A + η √(M/π),   M' = (1 + η²) M + (2η/√π) A √M;

    iterated for a = A/√M, so that nothing overflows. For η_l = 1/L these are the differential
    equations M' = (2/√π) A √M, A' = √(M/π) on [0, 1] when L → ∞, whose solution has A² = M − 1 and
    M_L/M_0 → cosh²(1/√π).
    """
    a, total, logs = 0.0, 0.0, []
    for eta in np.asarray(scales, dtype=np.float64):
        factor = 1 + eta**2 + 2 * eta * a / np.sqrt(np.pi)
        a = (a + eta / np.sqrt(np.pi)) / np.sqrt(factor)
        total += np.log(factor)
        logs.append(total)
    return np.array(logs)


def draw(sampler, ending, scales, width, hidden, networks) -> np.ndarray:
    """Return log M_l/M_0, shape (networks, modules)."""
    source = stream(sampler, ending, list(scales), width, hidden)
    options = {"hidden": hidden, "ending": ending, "reduced": sampler == "reduced"}
    return log_lengths(list(scales), width, networks, source, **options).numpy()


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("ending", ["relu", "linear"])
def test_a_module_keeps_the_mean_square(sampler, ending):
    """E‖N(x)‖² = ‖x‖² at width 5, hidden width 3; z-test, 40,000 modules, x not of unit length."""
    source = stream("module", sampler, ending)
    x = torch.tensor([1.0, -2.0, 0.5, 0.0, 3.0]).expand(40_000, -1)
    squares = SAMPLERS[sampler](3, ending, source)(x).double().square().sum(dim=1).numpy()
    assert abs(squares.mean() - 14.25) < Z * stats.sem(squares)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_linear_ended_growth_has_the_exact_mean_and_second_moment(sampler):
    """η_l = ½^l, width 5, hidden 4; 40,000 networks; M_4 has relative variance .7."""
    scales = module_scales(0.5, 4)
    logs = draw(sampler, "linear", scales, 5, 4, 40_000)
    means, seconds = log_mean_growth_linear(scales), log_second_moment_linear(scales, 5, 4)
    for layer in range(4):
        for power, exact in ((1, means[layer]), (2, seconds[layer])):
            values = np.exp(power * logs[:, layer])
            assert abs(values.mean() - math.exp(exact)) < Z * stats.sem(values)


@pytest.mark.parametrize("ending", ["relu", "linear"])
@pytest.mark.parametrize(("width", "hidden"), [(5, 5), (4, 7)])
def test_reduced_modules_follow_the_law_of_explicit_ones(ending, width, hidden):
    """Two-sample Kolmogorov–Smirnov on log M_1, M_3 and M_12, n = 20,000 each, η_l = .9^l."""
    scales = module_scales(0.9, 12)
    explicit, reduced = (
        draw(sampler, ending, scales, width, hidden, 20_000) for sampler in SAMPLERS
    )
    for layer in (0, 2, 11):
        assert stats.ks_2samp(explicit[:, layer], reduced[:, layer]).pvalue > ALPHA


def test_the_first_relu_ended_module_has_no_cross_term_on_average():
    """E M_1/M_0 = 1 + η² for an input in a random direction; 40,000 networks."""
    growth = np.exp(draw("explicit", "relu", [0.5], 5, 5, 40_000)[:, 0])
    assert abs(growth.mean() - 1.25) < Z * stats.sem(growth)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_one_relu_ended_module_has_the_conditional_mean_with_the_cross_term(sampler):
    """x = (1, …, 1): E‖x + ηN‖²/‖x‖² = 1 + η² + (2η/√π) E[ρ]; 40,000 modules, η = .7."""
    source, eta = stream("cross", sampler), 0.7
    x = torch.ones(40_000, 6)
    moved = x + eta * SAMPLERS[sampler](4, "relu", source)(x)
    growth = moved.double().square().mean(dim=1).numpy()
    expected = 1 + eta**2 + 2 * eta / math.sqrt(math.pi) * mean_root_share(4)
    assert expected == pytest.approx(math.exp(log_upper_bound_relu([eta], 4)[0]))
    assert abs(growth.mean() - expected) < Z * stats.sem(growth)


def test_the_mean_root_share_approaches_one_as_five_eighths_of_the_inverse_width():
    """The order of the next term: m (m (1 − E[ρ]) − 5/8) settles."""
    gaps = [width * (width * (1 - mean_root_share(width)) - 0.625) for width in (100, 200, 400)]
    assert gaps == pytest.approx([gaps[-1]] * 3, rel=0.05)


@pytest.mark.parametrize("base", [1.0, 0.9])
def test_population_means_are_exact_where_sample_means_are_hopeless(base):
    """Linear-ended, width 5, 60 modules: 40 populations of 500 against Π(1 + η²)."""
    scales = module_scales(base, 60)
    source = stream("population", base)
    options = {"hidden": 5, "ending": "linear"}
    logs = log_mean_by_population(scales.tolist(), 5, 40, 500, source, **options).numpy()
    exact = log_mean_growth_linear(scales)
    for layer in (0, 9, 59):
        relative = np.exp(logs[:, layer] - exact[layer])
        assert abs(relative.mean() - 1) < reach(relative, ALPHA)


def test_populations_agree_with_sample_means_of_relu_ended_networks():
    """η_l = ½^l, where both can be had: z-test of the difference, modules 1, 3 and 10."""
    scales = module_scales(0.5, 10)
    sample = np.exp(draw("explicit", "relu", scales, 5, 5, 40_000))
    source = stream("population and sample")
    options = {"hidden": 5, "ending": "relu"}
    population = np.exp(
        log_mean_by_population(scales.tolist(), 5, 40, 1000, source, **options).numpy()
    )
    for layer in (0, 2, 9):
        # The error is mostly that of the few populations.
        allowed = math.hypot(reach(sample[:, layer], ALPHA), reach(population[:, layer], ALPHA))
        assert abs(sample[:, layer].mean() - population[:, layer].mean()) < allowed


@pytest.mark.parametrize("base", [1.0, 0.75])
def test_relu_ended_means_lie_between_the_bounds(base):
    """40 populations of 500, 40 modules; the mean ± its error lies inside, sharper bound included."""
    scales = module_scales(base, 40)
    source = stream("bounds", base)
    options = {"hidden": 5, "ending": "relu"}
    logs = log_mean_by_population(scales.tolist(), 5, 40, 500, source, **options).numpy()
    low, high = log_mean_growth_linear(scales), log_upper_bound_relu(scales, 5)
    assert np.all(high <= log_upper_bound(scales))
    for layer in (4, 39):
        relative = np.exp(logs[:, layer] - low[layer])
        error = reach(relative, ALPHA)
        assert relative.mean() - error > 1
        assert relative.mean() + error < math.exp(high[layer] - low[layer])


def test_wide_relu_ended_networks_grow_as_the_infinitely_wide_one():
    """Mean of the logarithm at widths 100 and 400, 100 networks: the gap falls by four, ± noise."""
    scales = module_scales(1.0, 10)
    exact = log_growth_infinite_width(scales)[-1]
    gaps, errors = [], []
    for width in (100, 400):
        logs = draw("reduced", "relu", scales, width, width, 400)[:, -1]
        gaps.append(exact - logs.mean())
        errors.append(stats.sem(logs))
    assert gaps[0] > Z * errors[0]
    assert abs(gaps[0] - 4 * gaps[1]) < Z * math.hypot(errors[0], 4 * errors[1]) + 0.1 * gaps[0]


def test_equal_scales_of_sum_one_have_a_limit():
    """η_l = 1/L, infinite width: M' = (2/√π) A √M and A' = √(M/π) give M_L → cosh²(1/√π) = 1.354."""
    limit = np.cosh(1 / np.sqrt(np.pi)) ** 2
    errors = [
        np.exp(log_growth_infinite_width(equal_scales(modules))[-1]) - limit
        for modules in (100, 200, 400)
    ]
    assert equal_scales(4).tolist() == [0.25] * 4 and errors[0] < 0.01
    # To first order in 1/L.
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.02)
