"""Means of other networks whose logarithms are widely spread: coverage of what is drawn. Seeds are fixed."""

import numpy as np
import pytest
from scipy import stats

from deepinit.stats.intervals import TooFewReplicates, log10_mean
from deepinit.stats.skewed_mean import further_means


@pytest.mark.parametrize(("skewness", "dead"), [(-0.4, 0), (0.4, 0), (0.4, 30)])
def test_the_mean_of_others_lies_between_the_quantiles_drawn(skewness, dead):
    """log10 of deviation 2, 300 of 300 networks: of 200 samples 95 % are covered, 90 % at the least.

    At a true coverage of 94 % or more fewer than 90 % of 200 come out once in 40 choices of seed.
    """
    generator, covered = np.random.default_rng([17, dead]), 0
    law = stats.pearson3(skewness, scale=2)
    for _ in range(200):
        ours, others = law.rvs((2, 300), random_state=generator)
        drawn = further_means(ours[dead:], dead, 300, 200, generator)
        low, high = np.quantile(drawn, [0.025, 0.975])
        alive = others[generator.random(300) >= dead / 300]
        covered += low <= log10_mean(alive) + np.log10(len(alive) / 300) <= high
    assert covered >= 180


def test_narrow_logarithms_give_the_mean_itself():
    logs = np.random.default_rng(3).normal(0, 0.01, 2000)
    drawn = further_means(logs, 0, 10_000, 500, 1)
    assert drawn.mean() == pytest.approx(log10_mean(logs), abs=1e-3)


def test_the_same_seed_gives_the_same_draws_and_few_networks_are_refused():
    logs = np.random.default_rng(4).normal(0, 2, 50)
    assert np.array_equal(further_means(logs, 3, 40, 20), further_means(logs, 3, 40, 20))
    with pytest.raises(TooFewReplicates):
        further_means(logs[:9], 3, 40, 20)
