"""Networks of several depths on one path of weights converge at the stated rates.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-4 (Bonferroni).
"""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from rounding import assert_as_exact_as_plain, nudged
from scipy import integrate, stats
from streams import levels, streams

from deepinit.noise.smooth import smooth_basis
from deepinit.resnet.strong_convergence import brownian_weights, smooth_weights
from deepinit.resnet.strong_convergence_theory import limit_correction, mean_square_error

ALPHA, Z = levels(20)
stream = streams(77, "test_limits")


def assert_as_literal(
    lengths: torch.Tensor,
    of_ends: Callable[[torch.Tensor], torch.Tensor],
    ends: Callable[[torch.dtype, int], torch.Tensor],
) -> None:
    """Assert that lengths are as near to those of the float64 recursion as a float32 one's."""
    assert_as_exact_as_plain(
        lengths,
        lambda run: of_ends(ends(torch.float32, run)).norm(dim=1),
        of_ends(ends(torch.float64, 0)).norm(dim=1),
    )


@pytest.mark.rounding
def test_brownian_networks_of_every_depth_follow_their_literal_recursion():
    """From the increments of the same stream, summed over the steps of each depth; float32 errs as much."""
    depths, reference, width, networks = [2, 4, 12], 24, 3, 5
    found = brownian_weights(depths, reference, width, networks, stream("literal"))
    source = stream("literal")
    drawn = source.normal(networks, width, 1)
    increments = [source.normal(networks, width, width) for _ in range(reference)]

    def ends(digits: torch.dtype, run: int) -> torch.Tensor:
        start, *fine = (nudged(numbers, run).to(digits) for numbers in (drawn, *increments))
        fine = torch.stack(fine) / math.sqrt(width * reference)
        ends = []
        for depth in [*depths, reference]:
            h = start / start.norm(dim=1, keepdim=True)
            for increment in fine.view(depth, -1, networks, width, width).sum(dim=1):
                h = h + increment @ h.clamp_min(0)
            ends.append(h.squeeze(2))
        return torch.stack(ends)

    for k in range(len(depths)):
        assert_as_literal(found.error[:, k], lambda ends, k=k: ends[k] - ends[-1], ends)
        assert_as_literal(found.norm[:, k], lambda ends, k=k: ends[k], ends)
    assert_as_literal(found.reference_norm, lambda ends: ends[-1], ends)


@pytest.mark.rounding
def test_smooth_networks_of_every_depth_follow_their_literal_recursion():
    """Weights of layer k + 1 are the path at k/L, whatever the depth."""
    depths, reference, width, networks = [4, 12], 24, 3, 5
    found = smooth_weights(depths, reference, width, networks, stream("literal smooth"))
    source = stream("literal smooth")
    drawn = source.normal(networks, width, 1)
    numbers = source.normal(smooth_basis(np.zeros(1)).shape[1], 2 * networks * width**2)

    def ends(digits: torch.dtype, run: int) -> torch.Tensor:
        start, path = (nudged(each, run).to(digits) for each in (drawn, numbers))
        ends = []
        for depth in [*depths, reference]:
            basis = torch.from_numpy(smooth_basis(np.arange(depth) / depth)).to(digits)
            weights = (basis @ path / math.sqrt(width)).view(depth, 2, networks, width, width)
            h = start / start.norm(dim=1, keepdim=True)
            for v, w in weights:
                h = h + v @ (w @ h).clamp_min(0) / depth
            ends.append(h.squeeze(2))
        return torch.stack(ends)

    for k in range(len(depths)):
        assert_as_literal(found.error[:, k], lambda ends, k=k: ends[k] - ends[-1], ends)
    assert_as_literal(found.reference_norm, lambda ends: ends[-1], ends)


def test_independent_weights_converge_with_order_one_half_and_the_derived_constant():
    """d = 40, 60 networks, L = 8 … 64 against 256: the mean square to 2/d and its own noise."""
    depths = [8, 16, 32, 64]
    found = brownian_weights(depths, 256, 40, 60, stream("strong"))
    for k, depth in enumerate(depths):
        relative = (found.error[:, k] ** 2).numpy() / mean_square_error(depth, 256)
        error = stats.t.isf(ALPHA / 2, 59) * stats.sem(relative)
        assert abs(relative.mean() - 1) < error + 2 / 40
    slopes = np.polyfit(np.log(depths), found.error.log().numpy().T, 1)[0]
    expected = np.polyfit(np.log(depths), 0.5 * np.log(mean_square_error(depths, 256)), 1)[0]
    assert abs(slopes.mean() - expected) < stats.t.isf(ALPHA / 2, 59) * stats.sem(slopes) + 1 / 40


def test_the_error_of_the_reference_adds_to_the_distance_from_it():
    """E‖X_32 − X_256‖² = E‖X_32 − X_64‖² + E‖X_64 − X_256‖² to O(1/L), d = 10, n = 800 each.

    The first term on the right from other paths, with L = 64 as the reference.
    """
    whole = brownian_weights([32, 64], 256, 10, 800, stream("orthogonal")).error.numpy() ** 2
    part = brownian_weights([32], 64, 10, 800, stream("orthogonal part")).error.numpy()[:, 0] ** 2
    difference = whole[:, 0] - whole[:, 1]
    error = math.hypot(stats.sem(difference), stats.sem(part))
    assert abs(difference.mean() - part.mean()) < Z * error + part.mean() / 32


def test_smooth_weights_converge_with_order_one():
    """d = 10, 60 networks, L = 32, 64, 128 against 1024: error times L is the same within 3 %.

    The reference's own error is corrected; without it L = 128 would be off by 12.5 %.
    """
    depths = [32, 64, 128]
    found = smooth_weights(depths, 1024, 10, 60, stream("order one"))
    scaled = found.error.numpy() * limit_correction(depths, 1024, "smooth") * np.array(depths)
    mean = np.sqrt((scaled**2).mean(axis=0))
    assert mean.max() / mean.min() < 1.03
    raw = np.sqrt(((found.error.numpy() * np.array(depths)) ** 2).mean(axis=0))
    assert raw.max() / raw.min() > 1.08


def test_the_mean_square_error_has_the_stated_leading_term_and_limit():
    leading = math.exp(0.5) / 8
    assert mean_square_error(10**8) * 10**8 == pytest.approx(leading, rel=1e-4)
    inner = integrate.dblquad(lambda t, tau: (t / 8 + tau / 2) ** 1.5, 0, 1, 0, 1)[0]
    depth = 10**4
    signs = 8 * inner / (3 * math.pi) / math.sqrt(depth)
    assert mean_square_error(depth) * depth == pytest.approx(leading * (1 - signs), rel=1e-4)
    assert mean_square_error(64, 64) == pytest.approx(0, abs=1e-15)
    assert mean_square_error(64, 10**7) == pytest.approx(mean_square_error(64), rel=1e-4)
    assert limit_correction(512, 4096, "independent") == pytest.approx((8 / 7) ** 0.5)
    assert limit_correction(512, 4096, "smooth") == pytest.approx(8 / 7)
