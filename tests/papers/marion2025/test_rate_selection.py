"""Which learning rate counts, what the choice adds, and where networks begin to train."""

import numpy as np
import pandas as pd
import pytest

from deepinit.stats.intervals import TooFewReplicates
from papers.marion2025.fig9.rate_selection import (
    CHANCE,
    choose_rates,
    frontier,
    optimism_interval,
)

NAN = float("nan")


def table(points: dict[tuple[float, float], list[tuple[float, float]]]) -> pd.DataFrame:
    """Return a table of (test, validation) accuracies: one pair a rate .1, .01, … at each (H, β)."""
    rows = []
    for (hurst, beta), pairs in points.items():
        for power, (test, validation) in enumerate(pairs, start=1):
            for epoch, share in ((1, 0.5), (2, 1.0)):
                rows.append(
                    {
                        "data": "mnist",
                        "hurst": hurst,
                        "beta": beta,
                        "learning_rate": 0.1**power,
                        "epoch": epoch,
                        "diverged": bool(np.isnan(test)),
                        "test_accuracy": share * test,
                        "validation_accuracy": share * validation,
                        "test_images": 2000,
                    }
                )
    return pd.DataFrame(rows)


def test_the_last_epoch_decides_and_a_diverged_network_is_never_chosen():
    chosen = choose_rates(
        table(
            {
                (0.1, 0.5): [(NAN, NAN), (0.9, 0.7), (0.8, 0.75)],
                (0.1, 0.1): [(NAN, NAN), (NAN, NAN), (NAN, NAN)],
                (0.9, 0.5): [(0.5, 0.4), (0.4, 0.4), (NAN, NAN)],
            }
        )
    ).set_index(["hurst", "beta"])
    assert chosen.loc[(0.1, 0.5), "test_best"] == 0.9
    assert chosen.loc[(0.1, 0.5), "test_validated"] == 0.8
    assert chosen.loc[(0.1, 0.1)].drop(["data", "test_images"]).isna().all()
    # A tie goes to the smaller rate.
    assert chosen.loc[(0.9, 0.5), "test_validated"] == 0.4


def test_the_optimism_is_the_mean_of_the_differences_and_its_interval_allows_for_other_choices():
    clear = {(0.1, beta): [(0.9, 0.9), (0.5, 0.5)] for beta in (0.1, 0.5, 0.9)}
    estimate = optimism_interval(table(clear), 2000, 0.95)
    assert estimate == (0, 0, 0)
    # Two rates alike: another one might have been chosen, though none was.
    close = {(0.1, beta): [(0.9, 0.9), (0.899, 0.899)] for beta in (0.1, 0.5, 0.9)}
    estimate = optimism_interval(table(close), 2000, 0.95)
    assert estimate.value == 0 and estimate.low == 0 and 0.002 < estimate.high < 0.02
    apart = {(0.1, beta): [(0.9, 0.5), (0.8, 0.7)] for beta in (0.1, 0.5, 0.9)}
    apart[(0.1, 0.2)] = [(NAN, NAN), (NAN, NAN)]
    assert optimism_interval(table(apart), 2000, 0.95).value == pytest.approx(0.1)
    with pytest.raises(TooFewReplicates):
        optimism_interval(table({(0.1, 0.1): [(0.9, 0.9)]}), 2000, 0.95)


def test_the_interval_covers_the_optimism_of_two_equal_rates_more_often_than_stated():
    # Two networks of the same true accuracy p: choosing on 2000 test images adds nothing to the
    # truth, and E(optimism) = P(another is chosen) E(gap | …) = E|X − Y|/2 = sqrt(p(1 − p)/(π n)).
    generator = np.random.default_rng(3)
    expected = np.sqrt(0.9 * 0.1 / (np.pi * 2000))
    covered = 0
    for _ in range(300):
        counts = generator.binomial(2000, 0.9, size=(6, 2, 2)) / 2000
        points = {(0.1, beta): [tuple(pair) for pair in cell] for beta, cell in enumerate(counts)}
        _, low, high = optimism_interval(table(points), 2000, 0.95)
        covered += low <= expected <= high
    # Wide on purpose: fewer than 295 have a chance of 4e-5 at a coverage of 99.8 %; of 99 % at 95 %.
    assert covered >= 295


def test_the_frontier_is_where_accuracy_passes_half_way():
    """Half-way from chance is 0.5: the best of the map is 0.9, and a point that diverged counts as chance."""
    columns = {0.1: [NAN, 0.3, 0.9], 0.5: [CHANCE, 0.5, 0.6], 0.9: [0.9, 0.9, 0.9]}
    found = frontier(pd.DataFrame(columns, index=[0.1, 0.3, 0.5]))
    assert found.tolist() == pytest.approx([11 / 30, 0.3, NAN], nan_ok=True)
