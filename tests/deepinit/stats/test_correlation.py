"""The interval of a correlation of ranks covers at its level."""

import numpy as np
import pytest

from deepinit.stats.correlation import rank_correlation


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_the_interval_covers_at_its_level(correlation):
    """Normal pairs, n = 40; of ranks the correlation is 6/π arcsin(ρ/2).

    Of 2000 repeats 95 % ± 2 %: four standard deviations.
    """
    generator, hits = np.random.default_rng(5), 0
    exact = 6 / np.pi * np.arcsin(correlation / 2)
    for _ in range(2000):
        x, noise = generator.standard_normal((2, 40))
        y = correlation * x + np.sqrt(1 - correlation**2) * noise
        _, low, high = rank_correlation(x, y, 0.95)
        hits += low <= exact <= high
    assert 0.93 < hits / 2000 < 0.97


def test_ranks_in_one_order_have_a_correlation_of_one():
    found = rank_correlation(range(20), np.exp(range(20)), 0.999)
    assert found.value == pytest.approx(1) and 0.99 < found.low <= found.value <= found.high
    found = rank_correlation(range(20), range(20, 0, -1), 0.999)
    assert found.value == pytest.approx(-1) and found.low <= found.value <= found.high < -0.99
