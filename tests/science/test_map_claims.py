"""Differences of a published map of Figure 7: what noise their means are credited with."""

import numpy as np
import pandas as pd
from scipy import stats

from claims.marion2025 import maps

DRAWS = 5


def test_the_mean_of_noisy_rows_is_credited_with_their_own_noise():
    """Fifty-one rows, the last seven with noise 1.6 times that of the others, 4000 maps.

    Both maps have five draws a row, and the published one is read with an error as well. With the mean
    noise of all rows one mean in fourteen would lie beyond its 99 % limits, in place of one in a hundred.
    """
    generator = np.random.default_rng(7)
    hursts = np.linspace(0.05, 0.97, 51)
    size = np.where(hursts > 0.85, 1.6, 1.0)
    beyond = dict.fromkeys((0.1, 0.01), 0)
    for _ in range(4000):
        ours, theirs = size[:, None] * generator.standard_normal((2, 51, DRAWS))
        read = 0.3 * size * generator.standard_normal(51)
        rows = maps._with_noise(
            pd.Series(ours.mean(axis=1) - theirs.mean(axis=1) + read, index=hursts),
            pd.Series(ours.std(axis=1, ddof=1), index=hursts),
        )
        mean = maps._mean_within(rows, 0.85, 1.0, DRAWS)
        assert mean.rows == 7
        chance = 2 * stats.t.sf(abs(mean.value) / np.sqrt(mean.variance), mean.freedom)
        for level in beyond:
            beyond[level] += chance < level
    for level, count in beyond.items():
        assert stats.binomtest(count, 4000, level).pvalue > 1e-4
